"""Scheduled tasks: audit checkpoints, alert deadlines, partitions, retention."""
