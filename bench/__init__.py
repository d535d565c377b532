"""Measures speed on the machine at hand; `make bench` runs it, bench/results keeps the tables."""
