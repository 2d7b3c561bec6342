"""The sender of webhooks as it is called."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from typing import Any

import pytest


@dataclass
class Context:
    function_name: str = "webhooks"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:123456789012:function:webhooks"
    aws_request_id: str = "11111111-2222-3333-4444-555555555555"


@pytest.mark.parametrize("event", [{"Records": []}, {"source": "aws.events", "detail": {}}])
def test_a_database_that_does_not_answer_makes_no_record_come_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], event: dict[str, Any]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:secret-word@127.0.0.1:1/none")
    monkeypatch.setenv("WEBHOOK_KEY", "k" * 32)
    sys.modules.pop("functions.webhooks.handler", None)
    handler = importlib.import_module("functions.webhooks.handler")
    assert handler.handler(event, Context()) == {"batchItemFailures": []}
    assert '"WebhookRunsFailed":[1.0]' in capsys.readouterr().out
    sys.modules.pop("functions.webhooks.handler", None)
