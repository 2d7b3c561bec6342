"""Packs: installed, upgraded and removed as a whole."""
