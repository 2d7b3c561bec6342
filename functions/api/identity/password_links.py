"""Links with which a person sets a password: made, and sent where mail is sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from functions.api.http import tokens
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


def create(connection: Connection, services: Services, user: User, now: datetime) -> PasswordLink:
    """Make a link for ``user``: the only one that is valid from now on."""
    token = tokens.new_secret()
    expires_at = now + (INVITATION_LASTS if user.password_hash is None else RESET_LASTS)
    password_links.create(connection, user.id, tokens.secret_hash(token), now=now, expires_at=expires_at)
    # After the #: browsers keep it from servers, their logs, and the next page's Referer.
    return PasswordLink(link=f"{services.settings.site_url.rstrip('/')}{_PATH}{token}", expires_at=expires_at)


def send(services: Services, user: User, link: PasswordLink) -> None:
    """Mail a link to ``user``, where mail is sent. Failing is logged, without the link; they can ask again."""
    if services.mail is None:
        return
    name = services.settings.app_name
    try:
        text = _TEXT.format(name=name, until=link.expires_at, link=link.link)
        services.mail.send(user.email, f"Your password for {name}", text)
    except Exception as error:
        logger.error("a mail was not sent", extra={"error": type(error).__name__, "user_id": str(user.id)})
