"""One module of routes per resource."""

PREFIX = "/api/v1"
