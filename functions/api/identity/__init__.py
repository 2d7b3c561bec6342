"""Users, sessions, passwords, single sign-on and API keys."""
