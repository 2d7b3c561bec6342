"""Imports files of any format as events and labels: the one reader of every command that takes a file."""
