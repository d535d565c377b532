"""Looks at web pages of others without ever being led into our own network; small, and apart from what is made of it."""
