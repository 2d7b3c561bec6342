"""Definitions of features that users write."""
