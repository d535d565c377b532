"""The editorial calendar: what was said, what is planned, and whose turn it is, by week, by month or as a list."""
