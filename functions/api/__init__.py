"""The REST API: FastAPI behind an HTTP API of API Gateway.

One folder a resource (routes, schemas, service); ``http`` holds what all resources share.
"""
