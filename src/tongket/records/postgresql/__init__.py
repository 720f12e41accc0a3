"""PostgreSQL with the second wall: a session is told whose rows it shows."""
