"""From the ``risk-updates`` stream to every WebSocket that may see it."""
