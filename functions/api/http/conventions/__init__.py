"""What all resources do alike: problems (RFC 9457), paging, ETags, idempotency, exports, spans of time."""
