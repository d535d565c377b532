"""The accessibility statement as data: what is known not to work, published version by version, none ever lost."""
