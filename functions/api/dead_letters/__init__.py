"""Dead letters: records that could not be scored, and how administrators resolve them."""
