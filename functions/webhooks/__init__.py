"""From the messages that the database keeps to the receivers outside that asked for them."""
