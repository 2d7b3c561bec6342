"""The pages about the API need no other host, and keep to the policy of the dashboard."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from functions.api.http import documentation
from functions.api.http.app import create_app
from functions.api.http.services import Services
from infra.stacks import web
from risk.config.settings import ApiSettings

client = TestClient(
    create_app(Services(ApiSettings(_env_file=None, database_url="postgresql://nobody@127.0.0.1:1/none")), ["health"])
)


def test_the_policy_is_that_of_the_dashboard() -> None:
    assert documentation.POLICY == web.POLICY


@pytest.mark.parametrize("path", documentation.PATHS)
def test_a_page_and_all_that_it_loads_come_from_here(path: str) -> None:
    page = client.get(path)
    assert page.headers["content-security-policy"] == documentation.POLICY
    assert page.headers["content-type"].startswith("text/html")
    # Nothing that the policy refuses: no script or handler inside of the page, no other host.
    assert "http" not in page.text.replace("http-equiv", "")
    assert re.findall(r"<script(?![^>]*src=)", page.text) == []
    loaded = re.findall(r'<(?:script|link)[^>]*(?:src|href)="([^"]+)"', page.text)
    assert len(loaded) >= 4
    for name in loaded:
        if name != "data:,":
            answer = client.get(f"/{name}")
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith(("text/javascript", "text/css"))
            assert answer.content


def test_nothing_else_is_served_as_an_asset() -> None:
    for name in ("favicon.png", "..%2Fpages.py", "docs.html"):
        assert client.get(f"/docs/assets/{name}").status_code == 404
