"""One folder a channel; each imports only contract and core, and nobody imports them: entry points load them."""
