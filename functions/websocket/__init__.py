"""Opening, closing and steering WebSocket connections."""
