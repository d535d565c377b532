"""Guests in the desk: invited, written with, asked for their yes, let go."""
