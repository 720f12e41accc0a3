"""How does a program read forms and send returns? The API, version 1, at /api/v1/."""
