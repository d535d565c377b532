"""Whole journeys: a real browser, real processes, real mail in and out."""
