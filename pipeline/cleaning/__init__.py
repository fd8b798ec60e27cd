"""How raw files become cleaned documents: decoding, layout, what is left out, copies."""
