"""What has to be done by the clock: checkpoints of the audit log."""
