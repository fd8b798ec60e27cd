"""Who says so: the speakers of a text, and the statements that stand in their reported speech."""
