"""Services other than Postgres: Kinesis, Kafka, Valkey, signing keys, and the messages of ``risk-updates``.

May import every pure package; never ``risk.store``.
"""
