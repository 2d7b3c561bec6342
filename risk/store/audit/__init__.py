"""The audit log and its checkpoints."""
