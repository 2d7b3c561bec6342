"""``risk doctor``: checks the account before a deployment and the running system after it."""
