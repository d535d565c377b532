"""Every place where the municipality is, and which function owns it."""
