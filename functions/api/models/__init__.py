"""Models: versions, promotion, quality, drift."""
