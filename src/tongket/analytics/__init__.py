"""The counted store: every accepted figure as a row, and the sums asked of it."""
