"""pactgraph: who does what with whom, read from articles and diplomatic cables."""

__version__ = "0.1.0"
