"""The registry of event types: what family each type belongs to, and what its amounts are.

Any lower_snake.dotted word may be sent as an event type. The registry says how it is understood; what is not
registered is of the family ``other``, and its amounts are compared with nothing. The engine resolves an event's type
once, when it comes in, and stores what it found with the assessment: a later change of the registry is never applied
to the past.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from risk.domain.field_rules import WORD_LENGTH, refused, shown

_WORD = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*(\.[a-z][a-z0-9]*(_[a-z0-9]+)*)*$")
MAX_REGISTERED = 200
MAX_REQUIRED = 16
_FIELDS = ("counterparty_id", "amount", "currency", "channel", "device_id", "ip", "country", "original_event_id")
_REQUIRED = rf"^({'|'.join(_FIELDS)}|attributes(\.[A-Za-z_][A-Za-z0-9_]{{0,63}}){{1,4}})$"


class Family(StrEnum):
    """The kind of activity that an event type is: explanations and typologies differ by it."""

    PAYMENT = "payment"
    LOGIN = "login"
    TRADE = "trade"
    METRIC = "metric"
    OTHER = "other"


class AmountFlow(StrEnum):
    """What the amount of an event is to its account.

    Outgoing amounts make up the account's usual amounts. Incoming ones are compared among themselves. ``none`` is
    money that does not move, or no money: it is compared with nothing.
    """

    OUTGOING = "outgoing"
    INCOMING = "incoming"
    NONE = "none"


def _checked(text: str) -> str:
    if text not in SHIPPED and (len(text) > WORD_LENGTH or not _WORD.fullmatch(text)):
        raise refused(f"it was {shown(text)}")
    return text


EventTypeName = Annotated[
    str,
    AfterValidator(_checked),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": WORD_LENGTH, "pattern": _WORD.pattern}),
]
"""A lower_snake.dotted word, such as ``gift_card.load``."""

Noun = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z][A-Za-z0-9 -]*$", min_length=1, max_length=40)
]
RequiredField = Annotated[str, StringConstraints(pattern=_REQUIRED)]


class EventType(BaseModel):
    """How events of one type are understood.

    ``noun`` names one such event in sentences. ``required`` are fields, or paths of attributes, without which an
    event of this type is refused.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    family: Family
    noun: Noun
    amounts: AmountFlow = AmountFlow.NONE
    required: Annotated[tuple[RequiredField, ...], Field(max_length=MAX_REQUIRED)] = ()

    def missing(self, event: Mapping[str, Any]) -> str | None:
        """The first required field that ``event`` (as its JSON has it) lacks."""
        return next((name for name in self.required if _value(event, name) in (None, "")), None)


def _value(event: Mapping[str, Any], path: str) -> Any:
    found: Any = event
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _shipped(family: Family, amounts: AmountFlow, **nouns: str) -> dict[str, EventType]:
    return {name: EventType(family=family, noun=noun, amounts=amounts) for name, noun in nouns.items()}


SHIPPED: Mapping[str, EventType] = {
    **_shipped(
        Family.PAYMENT,
        AmountFlow.OUTGOING,
        payment="payment",
        purchase="purchase",
        transfer="transfer",
        withdrawal="withdrawal",
    ),
    **_shipped(
        Family.PAYMENT,
        AmountFlow.INCOMING,
        deposit="deposit",
        refund="refund",
        reversal="reversal",
        chargeback="chargeback",
    ),
    **_shipped(Family.LOGIN, AmountFlow.NONE, login="login"),
    **_shipped(Family.TRADE, AmountFlow.OUTGOING, trade="trade"),
    **_shipped(Family.METRIC, AmountFlow.NONE, metric="reading"),
    **_shipped(
        Family.OTHER,
        AmountFlow.NONE,
        signup="sign-up",
        logout="logout",
        password_reset="password reset",  # noqa: S106  (a type of event)
        profile_change="profile change",
        payee_added="new payee",
        card_added="new card",
    ),
}
UNREGISTERED = EventType(family=Family.OTHER, noun="event")


class EventTypes:
    """The registry in force: the shipped types, and those of the configuration, which go before them."""

    def __init__(self, own: Mapping[str, EventType] | None = None) -> None:
        self.own = dict(own or {})
        self._all = {**SHIPPED, **self.own}

    def __contains__(self, name: str) -> bool:
        return name in self._all

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._all))

    def items(self) -> Iterator[tuple[str, EventType]]:
        """Each registered type by name, in order."""
        return iter(sorted(self._all.items()))

    def find(self, name: str) -> EventType:
        """How events of type ``name`` are understood."""
        return self._all.get(name, UNREGISTERED)


SHIPPED_TYPES = EventTypes()
OwnEventTypes = Annotated[dict[EventTypeName, EventType], Field(max_length=MAX_REGISTERED)]
"""What a configuration registers beside the shipped types, or in place of them."""
