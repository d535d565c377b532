"""Surveys of how we lead, in the desk: prepared, opened, checked and published by those who hold them together."""
