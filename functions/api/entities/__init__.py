"""Entities: what is known of an account, a device, an address and whatever else events name."""
