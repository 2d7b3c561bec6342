"""What several commands share: options and output, connections, sending, reading files, reconciling."""
