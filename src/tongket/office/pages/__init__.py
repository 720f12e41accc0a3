"""The staff pages, one module a stage of the year; each lists its own addresses."""
