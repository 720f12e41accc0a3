"""The year, one verb a file: the only code that writes records."""
