"""The workshop: what the municipality tries, in public, and what came of it, also when it failed."""
