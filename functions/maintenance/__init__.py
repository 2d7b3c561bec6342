"""What is done by the clock: checkpoints of the audit log, deadlines of alerts, partitions, what is too old."""
