"""Profiles of one kind in memory: recently used ones as objects, all others as encoded state.

Encoding a profile's state costs as much as observing an event, so it is done only when a snapshot needs it
or the object is evicted. Observations since the last encoding are kept beside it: an event
that a profile rejects halfway must leave it unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from risk.features.catalog import BUILT_IN, Catalog
from risk.features.definitions.definition_set import OWN, DefinitionSet, Group, Inputs, Observed
from risk.features.profiles.account import AccountProfile
from risk.features.profiles.counterparty import CounterpartyProfile
from risk.features.profiles.observation import Learned
from risk.rules.filters import set_of
from risk.store.engine_state.profiles import ACCOUNT, COUNTERPARTY, Key
from streaming.engine.stages.batch import Evicted

RECENT = 50_000
"""The number of profiles of each kind kept as objects."""
NOTED = 64
"""The number of observations kept beside a state before it is encoded again."""


Profile = Any
"""An account's or a counterparty's, or what definitions keep of a key: it observes, it may learn, and it is dumped."""
Take = Callable[[Key], bytes | None]
"""Hands over the stored state of a key that is met for the first time, or None."""


class Profiles:
    """Profiles by key: of accounts, of counterparties, or, with ``group``, of the keys of its definitions."""

    def __init__(self, kind: str, take: Take, group: Group | None = None, *, recent: int = RECENT) -> None:
        self.kind = kind
        profile = AccountProfile if kind == ACCOUNT else CounterpartyProfile
        self._new: Callable[[], Profile] = profile if group is None else group.new
        self._read: Callable[[bytes], Profile] = profile.load if group is None else group.load
        self._take = take
        self._most = recent
        self._recent: dict[str, Profile] = {}
        self._states: dict[str, bytes] = {}
        self._since: dict[str, list[tuple[Any, ...]]] = {}
        self._changed: set[str] = set()

    def __len__(self) -> int:
        return len(self._states.keys() | self._recent.keys())

    def size(self) -> tuple[int, int]:
        """How many states there are, and their bytes."""
        return len(self._states), sum(map(len, self._states.values()))

    def add(self, key: str, state: bytes) -> None:
        """Add the stored state of ``key``."""
        self._states[key] = state

    def adopt(self, states: Mapping[str, bytes]) -> None:
        """Know these states, which are not stored yet."""
        self._states.update(states)
        self._changed.update(states)

    def observe(self, key: str, *seen: Any) -> Any:
        """Observe an event with the profile of ``key``, by the arguments of its ``observe``.

        Raises its errors, and then the profile is unchanged.
        """
        profile = self._at_hand(key)
        try:
            found = profile.observe(*seen)
        except Exception:
            self._restore(key)
            raise
        self._note(key, seen)
        return found

    def learn(self, key: str, label: Learned) -> None:
        """Let the profile of ``key`` learn a label; raises its errors, and then the profile is unchanged."""
        profile = self._at_hand(key)
        try:
            profile.learn(label)
        except Exception:
            self._restore(key)
            raise
        self._note(key, (label,))

    def let_go(self, keys: Iterable[str]) -> None:
        """Forget these profiles, which are stored as they are; one that changed since it was asked for stays."""
        for key in keys:
            if key not in self._since and key not in self._changed:
                self._recent.pop(key, None)
                self._states.pop(key, None)

    def changes(self) -> dict[Key, bytes]:
        """The states of all profiles changed since the last call."""
        for key in list(self._since):
            self._write(key)
        changed, self._changed = self._changed, set()
        return {(self.kind, key): self._states[key] for key in changed}

    def _at_hand(self, key: str) -> Profile:
        """The profile as an object, marked as most recently used."""
        recent = self._recent
        profile = recent.pop(key, None)
        if profile is None:
            state = self._states.get(key)
            if state is None:
                state = self._take((self.kind, key))
                if state is not None:
                    self._states[key] = state
            profile = self._load(state)
            if len(recent) >= self._most:
                oldest = next(iter(recent))
                if oldest in self._since:
                    self._write(oldest)
                del recent[oldest]
        recent[key] = profile
        return profile

    def _load(self, state: bytes | None) -> Profile:
        return self._new() if state is None else self._read(state)

    def _note(self, key: str, met: tuple[Any, ...]) -> None:
        since = self._since.get(key)
        if since is None:
            self._since[key] = [met]
        elif len(since) < NOTED:
            since.append(met)
        else:
            self._write(key)

    def _write(self, key: str) -> None:
        """Encode the current object of ``key`` as its state."""
        self._states[key] = self._recent[key].dump()
        del self._since[key]
        self._changed.add(key)

    def _restore(self, key: str) -> None:
        """Rebuild the object of ``key`` from its state and later observations."""
        profile = self._load(self._states.get(key))
        for met in self._since.get(key, ()):
            if isinstance(met[0], Learned):
                profile.learn(*met)
            else:
                profile.observe(*met)
        self._recent[key] = profile


class Known:
    """The profiles of an engine: of accounts, of counterparties, and of the keys of ``definitions`` by their kind.

    ``definitions`` are those that ship and those of ``catalog``; a measurement may give others in their place.
    ``adopted`` is told the keys whose states came with a catalog, and its kinds of key.
    """

    def __init__(
        self,
        take: Take,
        catalog: Catalog = BUILT_IN,
        definitions: DefinitionSet | None = None,
        *,
        adopted: Callable[[Collection[Key], Collection[str]], None] = lambda _, __: None,
    ) -> None:
        self._take = take
        self._adopted = adopted
        self._installs = 0
        self.accounts = Profiles(ACCOUNT, take)
        self.counterparties = Profiles(COUNTERPARTY, take)
        self.catalog = catalog
        self.definitions = definitions or set_of(catalog)
        self.keys = {group.kind: Profiles(group.kind, take, group) for group in self.definitions.groups}

    def install(self, catalog: Catalog, states: Mapping[Key, bytes], *, elsewhere: Collection[Key] = ()) -> None:
        """Compute ``catalog`` from now on; ``states`` are those of what it has that was not computed before.

        Those of the keys ``elsewhere`` are in other processes.
        """
        found: dict[str, dict[str, bytes]] = {}
        for (kind, key), state in states.items():
            found.setdefault(kind, {})[key] = state
        self.catalog, self.definitions = catalog, set_of(catalog)
        before, self.keys = self.keys, {}
        for group in self.definitions.groups:
            present = before.get(group.kind)
            if present is None:
                present = Profiles(group.kind, self._take, group)
                present.adopt(found.get(group.kind, {}))
            self.keys[group.kind] = present
        # After the definitions: what is admitted from here on asks for their keys.
        self._installs += 1
        self._adopted([*states, *elsewhere], self.keys.keys())

    def let_go(self, evicted: Evicted) -> None:
        """Forget these keys of definitions."""
        by_kind: dict[str, list[str]] = {}
        for kind, key in evicted.keys:
            by_kind.setdefault(kind, []).append(key)
        for kind, keys in by_kind.items():
            if kind in self.keys and (evicted.installs == self._installs or not kind.startswith(OWN)):
                self.keys[kind].let_go(keys)

    def observe(self, group: Group, key: str, at: int, inputs: Inputs) -> Observed:
        """What the definitions of a key say at an event."""
        found: Observed = self.keys[group.kind].observe(key, at, inputs)
        return found

    def sizes(self) -> dict[str, tuple[int, int]]:
        """By kind of key: how many have a state, and the bytes of all of them."""
        self.changes()
        return {kind: states.size() for kind, states in self.keys.items()}

    def changes(self) -> dict[Key, bytes]:
        """The states of everything changed since the last call."""
        changed = self.accounts.changes() | self.counterparties.changes()
        for states in self.keys.values():
            changed |= states.changes()
        return changed
