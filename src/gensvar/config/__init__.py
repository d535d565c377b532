"""Settings, addresses, the flow and the command line: what ties the rooms together."""
