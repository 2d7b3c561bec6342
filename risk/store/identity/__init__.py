"""Users, sessions, API keys, password links, and idempotency keys."""
