"""The path prefix that all routes share."""

PREFIX = "/api/v1"
