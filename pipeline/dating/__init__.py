"""Dates of a text: how they are written, what they count from, what they date."""
