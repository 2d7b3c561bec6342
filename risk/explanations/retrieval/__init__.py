"""Searching the knowledge base: documents cut into chunks, rankings fused; ``knowledge/`` holds the documents."""
