"""WebSocket connections: connect, disconnect, subscribe."""
