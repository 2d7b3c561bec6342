"""Request and response schemas of users and sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    model_validator,
)
from pydantic import StringConstraints as Text

from functions.api.http.conventions.schemas import Input, Page
from risk.domain.permissions import Permission, Role

# Internal installations use names such as risk.local: syntax is checked, deliverability is not.
SPECIAL_USE_DOMAIN_NAMES.clear()


def normalized_email(value: str) -> str:
    """The canonical form of an e-mail address: ASCII, lower case; ``ValueError`` if it has none.

    Letters of other scripts look like Latin ones: they are refused in local parts, and domains are stored as
    ``xn--``.
    """
    try:
        found = validate_email(
            value, check_deliverability=False, globally_deliverable=False, allow_smtputf8=False
        ).ascii_email
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error
    if found is None:
        raise ValueError("this address has no ASCII form")
    return found.lower()


Email = Annotated[str, Text(max_length=254), AfterValidator(normalized_email)]
NewPassword = Annotated[str, Field(min_length=12, max_length=128, examples=["correct horse battery staple"])]
Secret = Annotated[
    str, Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$", examples=["rt_mZ1tWq0cV7mB4yX2kR8sJ5dL9nF3hG6"])
]


class Registration(Input):
    """The address to register. The password is set with the link mailed to it."""

    email: Annotated[Email, Field(examples=["ada@example.com"])]


class RegistrationAccepted(BaseModel):
    """The same response whether or not the address has an account."""

    detail: str = (
        "the owner of this address gets a link to set a password, by mail or, where none is sent, "
        "from an administrator; until then the account can do nothing"
    )


class Credentials(Input):
    """An address and its password."""

    email: Annotated[str, Field(min_length=1, max_length=254, pattern=r"^[^\x00]+$", examples=["ada@example.com"])]
    password: Annotated[str, Field(min_length=1, max_length=128, examples=["correct horse battery staple"])]


class User(BaseModel):
    """A person who may sign in."""

    id: UUID
    email: str
    role: Role
    created_at: datetime


class Me(User):
    """The signed-in person and their permissions, so that a page can hide what would be refused."""

    permissions: list[Permission]


class UserDetail(User):
    """A person as administrators see them.

    Someone ``invited`` has not set a password yet. ``reset_requested_at`` is when somebody last asked for a new
    password that has not been set since.
    """

    status: Literal["active", "invited", "disabled"]
    reset_requested_at: datetime | None


class UserPage(Page[UserDetail]):
    """A page of people; ``next_cursor`` asks for the next page and is null on the last."""


class Invitation(Input):
    """Whom to invite, and their role."""

    email: Annotated[Email, Field(examples=["grace@example.com"])]
    role: Role = Role.VIEWER


class UserChange(Input):
    """Changes to a person; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "examples": [{"role": "analyst"}]})

    role: Role = Field(default=Role.VIEWER)
    disabled: StrictBool = False

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("say what to change: role, disabled, or both")
        return self


class PasswordLink(BaseModel):
    """An address where a person sets a password, once. Send it over a channel that you trust."""

    link: str = Field(examples=["https://risk.example.com/set-password#token=…"])
    expires_at: datetime


class SignInOptions(BaseModel):
    """The available ways to sign in."""

    registration: bool
    identity_provider: bool


class AccessToken(BaseModel):
    """An access token for the ``Authorization: Bearer`` header, and a refresh token; times are in seconds.

    ``refresh_token`` is valid for one ``POST /auth/refresh``, which returns the next; reusing it ends the session.
    """

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  (a kind of token, not one)
    expires_in: int
    refresh_token: str
    refresh_expires_in: int


class Refresh(Input):
    """A refresh token, to be used up."""

    refresh_token: Secret


class Logout(Input):
    """The newest refresh token of the session to end; with ``everywhere``, of all the person's sessions."""

    refresh_token: Secret
    everywhere: StrictBool = False


class Session(BaseModel):
    """A session, and when it expires if it is not used again.

    ``last_used_at`` is when its tokens were last refreshed, which an open page does every few minutes.
    """

    id: UUID
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    current: bool = Field(description="Whether it is the session that asks.")


class Sessions(BaseModel):
    """A person's active sessions, at most 100, most recently used first."""

    items: list[Session]


class PasswordChange(Input):
    """The current and the new password."""

    current_password: Annotated[str, Field(min_length=1, max_length=128)]
    new_password: NewPassword


class ResetRequest(Input):
    """Whose password is forgotten."""

    email: Annotated[Email, Field(examples=["ada@example.com"])]


class ResetAccepted(BaseModel):
    """The same response whether or not there is such an account."""

    detail: str = "if there is an account with this address, its owner is told how to set a new password"


class PasswordReset(Input):
    """The token of a link, and the new password."""

    token: Secret
    password: NewPassword


class Ticket(BaseModel):
    """A single-use ticket for one WebSocket connection; ``expires_in`` is in seconds."""

    ticket: str
    expires_in: int
