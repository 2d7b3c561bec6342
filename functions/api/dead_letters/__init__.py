"""Dead letters, as Admins work them off."""
