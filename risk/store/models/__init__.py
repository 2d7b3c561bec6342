"""Models with their stages, and counts for calibration and comparison."""
