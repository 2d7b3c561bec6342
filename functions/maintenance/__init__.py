"""What is done on a schedule, for want of anyone who asks for it."""
