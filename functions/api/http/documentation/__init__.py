"""``/docs`` and ``/redoc``: pages about the API that load nothing from other hosts.

Swagger UI and Redoc come from the pinned package ``fastapi-offline``; the pages and their scripts are files here.
"""

from functions.api.http.documentation.pages import PATHS, POLICY, install

__all__ = ["PATHS", "POLICY", "install"]
