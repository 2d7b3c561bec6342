"""Labels, and the quality measured by them."""
