"""The decision policy: read, previewed, changed and rolled back."""
