"""Rules with their versions, and lists with their entries."""
