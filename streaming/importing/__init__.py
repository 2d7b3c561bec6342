"""Other people's files become events and labels: the one reader of every command that takes a file."""
