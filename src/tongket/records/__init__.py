"""What is kept: Django models, a module a kind; the append-only audit. No rules."""
