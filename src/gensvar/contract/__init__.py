"""What the core and a channel promise each other; the core knows this contract and never a channel."""
