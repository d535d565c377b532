"""The web form: its posted bytes, kept as received, read into a word."""
