"""From Kinesis or Kafka to batches: readers, parsing, admission (duplicates, look-ups), one order."""
