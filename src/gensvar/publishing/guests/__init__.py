"""Guests: a resident, an association or an employee without a log-in writes a post, invited by link, under their own name."""
