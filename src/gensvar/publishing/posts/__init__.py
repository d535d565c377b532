"""What the municipality says unasked: pages that editors write, in public only through this folder's gate."""
