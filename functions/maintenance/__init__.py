"""What is done by the clock: checkpoints of the audit log, deadlines of alerts, old messages of webhooks."""
