"""Lists that rules look values up in."""
