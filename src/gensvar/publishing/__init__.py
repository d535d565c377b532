"""The one gate to the public, and what has passed it."""
