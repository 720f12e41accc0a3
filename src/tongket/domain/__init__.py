"""The rules of the yearly review: pure values and functions, no clock, no files."""
