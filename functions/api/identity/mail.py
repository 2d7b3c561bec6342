"""Sends mail through SES where ``MAIL_FROM`` is set."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client


class Mail(Protocol):
    """Sends a text to one address."""

    def send(self, to: str, subject: str, text: str) -> None:
        """Send it, or raise."""


class SesMail:
    """Amazon SES. One quick attempt: the caller can ask again."""

    def __init__(self, sender: str) -> None:
        self._sender = sender

    @cached_property
    def _client(self) -> SESV2Client:
        return boto3.client(
            "sesv2", config=Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1})
        )

    def send(self, to: str, subject: str, text: str) -> None:
        """Send ``text`` to ``to``."""
        self._client.send_email(
            FromEmailAddress=self._sender,
            Destination={"ToAddresses": [to]},
            Content={
                "Simple": {
                    "Subject": {"Data": subject, "Charset": "UTF-8"},
                    "Body": {"Text": {"Data": text, "Charset": "UTF-8"}},
                }
            },
        )
