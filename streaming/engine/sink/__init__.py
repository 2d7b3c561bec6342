"""From scored batches to Postgres (the outbox), then Valkey and ``risk-updates`` (the publisher); snapshots."""
