"""Files of somebody's own history: uploaded, previewed, mapped, loaded, taken back."""
