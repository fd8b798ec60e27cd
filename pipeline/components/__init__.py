"""spaCy components of the recognizer and the relater, and what they share."""
