"""Creates links for setting a password and mails them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Connection

from functions.api.http.access import tokens
from functions.api.http.logs import logger
from functions.api.http.services import Services
from functions.api.identity.schemas import PasswordLink
from risk.store.identity import password_links
from risk.store.identity.users import User

RESET_LASTS = timedelta(hours=1)
INVITATION_LASTS = timedelta(days=7)
_PATH = "/set-password#token="
_TEXT = """Hello,

set your password for {name} here, until {until:%Y-%m-%d %H:%M} UTC:

{link}

If you did not expect this, do nothing: without the link nothing changes.
"""


# Longer than sending a mail takes, so that the response time reveals nothing.
ANSWER_SECONDS = 0.6
_REMINDER = """Hello,

somebody, perhaps you, asked for an account for {name} with this address. It has one already: sign in, or ask for a
new password where you sign in.
"""
_LINKED = """Hello,

you signed in to {name} through your organization. From now on that is how you sign in: the password that your account
had is gone, and whoever was signed in with it is signed out. If your account had none, nothing else changes.

If it was not you, tell an administrator.
"""


@contextmanager
def in_constant_time() -> Iterator[None]:
    """Let the enclosed block take as long for addresses with an account as without."""
    until = time.monotonic() + ANSWER_SECONDS
    yield
    time.sleep(max(0.0, until - time.monotonic()))


def create(connection: Connection, services: Services, user: User, now: datetime) -> PasswordLink:
    """Create a link for ``user``, which invalidates earlier ones."""
    token = tokens.new_secret()
    expires_at = now + (INVITATION_LASTS if user.password_hash is None else RESET_LASTS)
    password_links.create(connection, user.id, tokens.secret_hash(token), now=now, expires_at=expires_at)
    # In the fragment: browsers keep it from servers, their logs, and the Referer header.
    return PasswordLink(link=f"{services.settings.site_url.rstrip('/')}{_PATH}{token}", expires_at=expires_at)


def send(services: Services, user: User, link: PasswordLink) -> None:
    """Mail a link to ``user``. Failures are logged without the link; the person can ask again."""
    text = _TEXT.format(name=services.settings.app_name, until=link.expires_at, link=link.link)
    _send(services, user, "Your password for {name}", text)


def send_reminder(services: Services, user: User) -> None:
    """Tell ``user`` that somebody tried to register their address again."""
    _send(services, user, "Your account for {name}", _REMINDER.format(name=services.settings.app_name))


def send_linked(services: Services, user: User) -> None:
    """Tell ``user`` that their account is now linked to the identity provider."""
    _send(services, user, "How you sign in to {name}", _LINKED.format(name=services.settings.app_name))


def _send(services: Services, user: User, subject: str, text: str) -> None:
    if services.mail is None:
        return
    try:
        services.mail.send(user.email, subject.format(name=services.settings.app_name), text)
    except Exception as error:
        logger.error("a mail was not sent", extra={"error": type(error).__name__, "user_id": str(user.id)})
