"""Requests to the REST API with a token, or signed in as a person: signs in again when the token has expired."""

from __future__ import annotations

from typing import Any, Self, cast

import httpx

PREFIX = "/api/v1"


class ApiSession:
    """The REST API at ``url`` (with or without ``/api/v1``), for the bearer of ``token`` or whoever ``login`` names."""

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        login: tuple[str, str] | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        base = url.rstrip("/").removesuffix(PREFIX)
        self._client = httpx.Client(base_url=f"{base}{PREFIX}/", timeout=30, transport=transport)
        self._token, self._login = token, login

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send a request, signed in. Returns any answer, errors included; raises ``httpx.TransportError``."""
        answer = self._request_once(method, path, options)
        if answer.status_code == 401 and self._login is not None:
            self._token = None
            answer = self._request_once(method, path, options)
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _request_once(self, method: str, path: str, options: dict[str, Any]) -> httpx.Response:
        if self._token is None and self._login is not None:
            email, password = self._login
            answer = self._client.post("auth/login", json={"email": email, "password": password})
            if answer.status_code != 200:
                return answer
            self._token = cast(str, answer.json()["access_token"])
        headers = {"authorization": f"Bearer {self._token}", **options.get("headers", {})}
        return self._client.request(method, path, **{**options, "headers": headers})


def problem_text(answer: httpx.Response) -> str:
    """The message of an error response: its status, and its detail or each field's error."""
    try:
        problem = answer.json()
        fields = "; ".join(each["detail"] for each in problem.get("errors", ()))
        return f"{answer.status_code} {fields or problem.get('detail') or problem.get('title')}"
    except (ValueError, AttributeError, KeyError, TypeError):
        return f"{answer.status_code} {answer.reason_phrase}"
