"""Settings, addresses and the command line that tie the parts together."""
