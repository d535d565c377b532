"""What the municipality stands for: positions by topic, each wording kept with its date, its reason and who stands behind it."""
