"""Who calls, and what they may do: tokens, callers, origins, rate limits, and the audit of each request."""
