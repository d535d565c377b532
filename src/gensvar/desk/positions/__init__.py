"""The screens on which editors write what the municipality stands for, change it and withdraw it."""
