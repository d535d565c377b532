"""Persons, functions, tenures, absences: who can speak for what, and when."""
