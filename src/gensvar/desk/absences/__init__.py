"""Absence in the desk: what one says of oneself, and who is away in the coming weeks."""
