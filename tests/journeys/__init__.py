"""Whole journeys: a real browser, real mail in and out, and for most of them real processes."""
