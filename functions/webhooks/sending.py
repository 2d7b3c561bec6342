"""Sends one message to one receiver, only to an address that was checked.

The host name is resolved here and the connection made to the resolved address, so that the name cannot change between
check and connection. Redirects are not followed.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from risk.alerts.webhook_url import check_url, is_public
from risk.domain.errors import InvalidInput

_DEFAULT_PORTS = {"https": 443, "http": 80}
_HEADERS = {"content-type": "application/json", "user-agent": "realtime-risk-webhooks/1"}
# These statuses reject the message itself; all other failures concern the receiver.
_OF_MESSAGE = frozenset(range(400, 500)) - {401, 403, 404, 407, 408, 410, 425, 429}


LONGEST_ASKED = timedelta(days=1)


@dataclass(frozen=True)
class Answer:
    """A receiver's answer: HTTP status, if any, and the error, if any."""

    status: int | None
    error: str | None
    retry_after: timedelta | None = None
    """How long the receiver asks to be left alone, as far as it may ask."""

    @property
    def taken(self) -> bool:
        """Whether the receiver accepted the message."""
        return self.error is None

    @property
    def gone(self) -> bool:
        """Whether the receiver permanently wants no more messages."""
        return self.status == 410

    @property
    def receiver_fails(self) -> bool:
        """Whether the receiver, rather than this message, is at fault."""
        return not self.taken and self.status not in _OF_MESSAGE


class Refused(Exception):
    """The message must not be sent there; the text says why."""


def resolve(host: str, port: int, *, private: bool) -> str:
    """The address of ``host`` to connect to. ``Refused`` if any of its addresses is not public, unless ``private``."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused("the name of the receiver cannot be resolved") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not private and not all(is_public(ip_address(address.partition("%")[0])) for address in addresses):
        raise Refused("the receiver's name leads to an address that is not public")
    return addresses[0]


def post(url: str, body: bytes, headers: Mapping[str, str], *, timeout: float, private: bool) -> Answer:
    """Send ``body``; returns an answer for every outcome, never raises. The receiver's text is not kept."""
    try:
        check_url(url, private=private)
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _DEFAULT_PORTS[parts.scheme]
        address = resolve(host, port, private=private)
    except (InvalidInput, Refused) as error:
        return Answer(None, str(error))
    waits = urllib3.Timeout(total=timeout)
    pool = (
        urllib3.HTTPSConnectionPool(address, port, timeout=waits, server_hostname=host, assert_hostname=host)
        if parts.scheme == "https"
        else urllib3.HTTPConnectionPool(address, port, timeout=waits)
    )
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with pool:
        try:
            response = pool.urlopen(
                "POST",
                target,
                body=body,
                headers={**_HEADERS, **headers, "host": parts.netloc},
                redirect=False,
                retries=False,
                preload_content=False,
                assert_same_host=False,
            )
        except (HTTPError, OSError) as error:
            return Answer(None, _said(error))
        response.close()
    if 200 <= response.status < 300:
        return Answer(response.status, None)
    asked = _retry_after(response.headers.get("retry-after"), datetime.now(UTC))
    return Answer(response.status, f"the receiver answered {response.status}", asked)


def _retry_after(header: str | None, now: datetime) -> timedelta | None:
    """The delay that ``Retry-After`` asks for (RFC 9110: seconds, or a date), at most a day; None if absent."""
    if not header:
        return None
    try:
        seconds = int(header) if header.strip().isdecimal() else (parsedate_to_datetime(header) - now).total_seconds()
    except (ValueError, TypeError):
        return None
    return timedelta(seconds=min(max(seconds, 0), LONGEST_ASKED.total_seconds()))


def _said(error: Exception) -> str:
    """The error, without addresses or URLs."""
    if isinstance(error, urllib3.exceptions.NewConnectionError):  # a kind of timeout, to urllib3
        return "the receiver cannot be reached"
    if isinstance(error, urllib3.exceptions.TimeoutError):
        return "the receiver did not answer in time"
    if isinstance(error, urllib3.exceptions.SSLError):
        return "the receiver's certificate was not accepted"
    return f"the connection failed ({type(error).__name__})"
