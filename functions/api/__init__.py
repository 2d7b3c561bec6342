"""The REST API: FastAPI behind an HTTP API of API Gateway."""
