"""The staff's face: pages and commands; reads records, writes through the cycle."""
