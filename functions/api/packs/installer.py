"""Takes the parts of a pack as far as they can go now, in the transaction of the request: all of it, or nothing.

A pack changes what it made, and nothing else: a part with the name of something that others made is refused, unless it
is the same; then it is left to them. Whatever has to wait (for a backfill, for a second person) is done when the pack
is installed again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from functions.api.decisions.named_parts import check_unnamed
from functions.api.definitions import service as definition_service
from functions.api.http.conventions.problems import InvalidFields
from functions.api.knowledge import documents
from functions.api.packs.schemas import PackChange, RuleTarget
from functions.api.rules import service as rule_service
from risk.alerts.configuration import Configuration
from risk.audit.record import ENGINE
from risk.domain.errors import Conflict, InvalidInput
from risk.explanations.retrieval import chunking
from risk.features.definitions.definition import Definition
from risk.packs.pack import Pack, PackDocument, PackList, PackRule
from risk.rules.cel import check
from risk.rules.evaluator import RuleDefinition
from risk.rules.lifecycle import DefinitionStatus, RuleStatus
from risk.store.config import configurations
from risk.store.engine_state import defined_states
from risk.store.explanations import knowledge
from risk.store.rules import definitions, lists, rules
from risk.store.rules.definitions import DefinitionHead
from risk.store.rules.lists import NewEntry
from risk.store.rules.rules import RuleHead

Kind = Literal["event type", "definition", "rule", "list", "document"]
_PARTS: Mapping[str, Kind] = {
    "event_types": "event type",
    "definitions": "definition",
    "rules": "rule",
    "lists": "list",
    "knowledge": "document",
}
_UNTIL = {
    RuleTarget.DRAFT: (),
    RuleTarget.SHADOW: (RuleStatus.SHADOW,),
    RuleTarget.LIVE: (RuleStatus.SHADOW, RuleStatus.LIVE),
}


class Installer:
    """Installs and removes the parts of a pack, on behalf of ``by``; ``owned`` are the names that it made before."""

    def __init__(
        self,
        connection: Connection,
        owned: Mapping[str, list[str]],
        *,
        by: str,
        at: datetime,
        reason: str,
        second_person: bool,
    ) -> None:
        self._connection, self._by, self._at = connection, by, at
        self._reason, self._second_person = reason, second_person
        self._before = {part: set(owned.get(part, ())) for part in _PARTS}
        self._owned: dict[str, list[str]] = defaultdict(list)
        self._not_live: set[str] = set()
        self.changes: list[PackChange] = []
        self.waiting: list[str] = []
        self.unchanged = 0
        self.configuration: Configuration | None = None
        """The version of the configuration that was made, if there is one."""

    @property
    def owned(self) -> dict[str, list[str]]:
        """The names of what the pack made, by part."""
        return {part: sorted(self._owned[part]) for part in _PARTS}

    def install(self, pack: Pack, target: RuleTarget) -> None:
        """Install ``pack``, and remove what an earlier version of it made and this one does not have."""
        gone = {part: sorted(self._before[part] - set(names)) for part, names in pack.names().items()}
        self._remove_rules(gone["rules"])
        self._change_event_types(pack, gone["event_types"])
        for one in pack.lists:
            self._install_list(one)
        for document in pack.knowledge:
            self._install_document(document)
        for definition in pack.definitions:
            self._install_definition(definition)
        for rule in pack.rules:
            self._install_rule(rule, target, pack)
        self._remove_definitions(gone["definitions"])
        self._remove_lists(gone["lists"], {})
        self._remove_documents(gone["knowledge"])

    def remove(self, pack: Pack) -> None:
        """Remove what ``pack`` made. Rules and definitions are archived; lists that others added to are kept."""
        self._remove_rules(sorted(self._before["rules"]))
        self._remove_definitions(sorted(self._before["definitions"]))
        self._remove_lists(sorted(self._before["lists"]), {one.name: set(one.entries) for one in pack.lists})
        self._remove_documents(sorted(self._before["knowledge"]))
        self._change_event_types(pack.model_copy(update={"event_types": {}}), sorted(self._before["event_types"]))

    def _is_ours(self, part: str, name: str, *, same: bool) -> bool:
        """Whether the pack made what is there; ``Conflict`` if others made something else under its name."""
        if name in self._before[part]:
            self._owned[part].append(name)
            return True
        if not same:
            raise Conflict(f"there is another {_PARTS[part]} {name}, which this pack did not make; rename or remove it")
        return False

    def _changed(self, part: str, name: str, change: str) -> None:
        self.changes.append(PackChange(kind=_PARTS[part], name=name, change=change))

    def _made(self, part: str, name: str, change: str = "created") -> None:
        self._owned[part].append(name)
        self._changed(part, name, change)

    def _change_event_types(self, pack: Pack, gone: list[str]) -> None:
        present = configurations.lock(self._connection)
        assert present is not None
        own = dict(present.event_types)
        for name, kind in pack.event_types.items():
            if name not in own:
                self._made("event_types", name, "registered")
            elif own[name] == kind:
                self._is_ours("event_types", name, same=True)
                self.unchanged += 1
            else:
                self._is_ours("event_types", name, same=False)
                self._changed("event_types", name, "registered anew")
            own[name] = kind
        for name in gone:
            if own.pop(name, None) is not None:
                self._changed("event_types", name, "removed")
        if own != present.event_types:
            self.configuration = configurations.add_version(
                self._connection,
                present.thresholds,
                present.alert_policy,
                event_types=own,
                changed_at=self._at,
                changed_by=self._by,
                reason=self._reason,
            )

    def _install_list(self, wanted: PackList) -> None:
        present = lists.subjects(self._connection).get(wanted.name)
        if present is not None:
            if present is not wanted.subject:
                raise Conflict(f"there is a list {wanted.name} of another kind, {present}; rename or remove it")
            self._is_ours("lists", wanted.name, same=True)
            self.unchanged += 1
            return
        about = (wanted.purpose, wanted.subject, wanted.description)
        lists.create(self._connection, wanted.name, *about, by=self._by, at=self._at)
        entries = [NewEntry(value=value, expires_at=None, reason=self._reason) for value in wanted.entries]
        if entries:
            lists.add(self._connection, wanted.name, entries, by=self._by, at=self._at)
        self._made("lists", wanted.name, f"created with {len(entries)} entries")

    def _install_document(self, wanted: PackDocument) -> None:
        try:
            media_type, text = documents.read(wanted.text.encode(), documents.MARKDOWN)
        except InvalidFields as error:
            raise InvalidInput(f"knowledge: {wanted.name}: {error.fields[0].detail}", field="pack") from error
        present = knowledge.find_named(self._connection, wanted.name)
        same = present is not None and present[1] == chunking.content_hash(text)
        if present is not None:
            self._is_ours("knowledge", wanted.name, same=same)
        if same:
            self.unchanged += 1
            return
        title = chunking.title_of(text, wanted.name)
        stored = knowledge.add(
            self._connection, wanted.name, title, text, knowledge.UPLOADED, media_type, by=self._by, at=self._at
        )
        if present is None:
            self._made("knowledge", wanted.name)
        else:
            self._changed("knowledge", wanted.name, f"version {stored.version} stored")

    def _install_definition(self, wanted: Definition) -> None:
        steps: list[str] = []
        head = definitions.find_named(self._connection, wanted.name)
        if head is None:
            definition_service.check(wanted)
            definition_service.check_name(wanted.name)
            made = definitions.create(self._connection, wanted.name, wanted, by=self._by, at=self._at)
            head = definitions.find_to_change(self._connection, made)
            self._owned["definitions"].append(wanted.name)
            steps.append("created")
        elif self._is_ours("definitions", wanted.name, same=head.latest.definition == wanted):
            head = definitions.find_to_change(self._connection, head.id)
            if head.stage.archived:
                head = self._move_definition(head, DefinitionStatus.DRAFT, steps)
            if head.latest.definition != wanted:
                base = head.latest.version
                definitions.edit(self._connection, head, wanted, base_version=base, by=self._by, at=self._at)
                head = definitions.find(self._connection, head.id)
                steps.append(f"version {base + 1} written")
        else:
            if head.stage.live_version is None:
                self._not_live.add(wanted.name)
            self.unchanged += 1
            return
        self._carry_definition(head, wanted, steps)

    def _carry_definition(self, head: DefinitionHead, wanted: Definition, steps: list[str]) -> None:
        """Take the newest version towards live."""
        status = DefinitionStatus.of(head.stage.status_of(head.latest.version))
        why = "is being backfilled"
        if status is DefinitionStatus.DRAFT:
            head = self._move_definition(head, DefinitionStatus.BACKFILLED, steps)
        elif status is DefinitionStatus.BACKFILLED and self._is_backfilled(wanted):
            # Not in the request that began it: what an engine knew of an earlier time is forgotten by then.
            if self._second_person and head.latest.created_by == self._by:
                why = f"you wrote version {head.latest.version}; someone else has to put it live"
            else:
                head = self._move_definition(head, DefinitionStatus.LIVE, steps)
        if head.stage.live_version != head.latest.version:
            self._not_live.add(wanted.name)
            self.waiting.append(f"definition {wanted.name}: {why}")
        self._note("definitions", wanted.name, steps)

    def _is_backfilled(self, definition: Definition) -> bool:
        return definition.signature in defined_states.backfilled(self._connection)

    def _move_definition(self, head: DefinitionHead, to: DefinitionStatus, steps: list[str]) -> DefinitionHead:
        before = definitions.current(self._connection)
        stage = head.stage.move(head.latest.version, to.of_rule, called=DefinitionStatus.of)
        definitions.change_stage(self._connection, head, stage, by=self._by, at=self._at, reason=self._reason)
        definition_service.check_change(self._connection, before)
        steps.append(f"moved to {to}")
        return definitions.find(self._connection, head.id)

    def _install_rule(self, wanted: PackRule, target: RuleTarget, pack: Pack) -> None:
        read = check(wanted.expression, None, pack.catalog).names
        missing = sorted(name for name in self._not_live if f"features.{name}" in read or name in wanted.reason_text)
        head = rules.find_named(self._connection, wanted.name)
        written = RuleDefinition.model_validate(wanted.model_dump(exclude={"name"}))
        same = head is not None and _body(head) == written
        if head is not None and not self._is_ours("rules", wanted.name, same=same):
            self.unchanged += 1
            return
        if missing:
            self.waiting.append(f"rule {wanted.name}: reads {', '.join(missing)}, not live yet")
            return
        steps: list[str] = []
        rule_service.check_definition(self._connection, written)
        if head is None:
            made = rules.create(self._connection, wanted.name, written, by=self._by, at=self._at)
            head = rules.find_to_change(self._connection, made)
            self._owned["rules"].append(wanted.name)
            steps.append("created")
        else:
            head = rules.find_to_change(self._connection, head.id)
            if same and head.stage_by == ENGINE:
                self.waiting.append(f"rule {wanted.name}: {head.stage_reason}")
                return
            if head.stage.archived:
                head = self._move_rule(head, RuleStatus.DRAFT, steps)
            if not same:
                base = head.latest.version
                rules.edit(self._connection, head, written, base_version=base, by=self._by, at=self._at)
                head = rules.find(self._connection, head.id)
                steps.append(f"version {base + 1} written")
        self._carry_rule(head, target, steps)

    def _carry_rule(self, head: RuleHead, target: RuleTarget, steps: list[str]) -> None:
        """Take the newest version as far as ``target``, never back."""
        for status in _UNTIL[target]:
            present = head.stage.status_of(head.latest.version)
            if present in (status, RuleStatus.LIVE):
                continue
            if status is RuleStatus.LIVE and self._second_person and head.latest.created_by == self._by:
                wrote = f"you wrote version {head.latest.version}"
                self.waiting.append(f"rule {head.name}: {wrote}; someone else has to put it live")
                break
            head = self._move_rule(head, status, steps)
        self._note("rules", head.name, steps)

    def _move_rule(self, head: RuleHead, to: RuleStatus, steps: list[str]) -> RuleHead:
        stage = head.stage.move(head.latest.version, to)
        if stage.archived:
            check_unnamed(self._connection, rules=[head.name])
        rules.change_stage(self._connection, head, stage, by=self._by, at=self._at, reason=self._reason)
        steps.append(f"moved to {to}")
        return rules.find(self._connection, head.id)

    def _note(self, part: str, name: str, steps: list[str]) -> None:
        if steps:
            self._changed(part, name, ", ".join(steps))
        else:
            self.unchanged += 1

    def _remove_rules(self, names: list[str]) -> None:
        for name in names:
            head = rules.find_named(self._connection, name)
            if head is not None and not head.stage.archived:
                steps: list[str] = []
                self._move_rule(rules.find_to_change(self._connection, head.id), RuleStatus.ARCHIVED, steps)
                self._note("rules", name, steps)

    def _remove_definitions(self, names: list[str]) -> None:
        for name in names:
            head = definitions.find_named(self._connection, name)
            if head is not None and not head.stage.archived:
                steps: list[str] = []
                head = definitions.find_to_change(self._connection, head.id)
                self._move_definition(head, DefinitionStatus.ARCHIVED, steps)
                self._note("definitions", name, steps)

    def _remove_lists(self, names: list[str], begun_with: Mapping[str, set[str]]) -> None:
        known = lists.subjects(self._connection)
        for name in names:
            if name not in known:
                continue
            values = {one.value for one in lists.entries(self._connection, name, limit=1_001)}
            others = len(values - begun_with.get(name, set()))
            if others:
                self._changed("lists", name, f"kept: others added {others} entries to it")
                continue
            check_unnamed(self._connection, lists=[name])
            lists.remove(self._connection, name, by=self._by, at=self._at, reason=self._reason)
            asking = [
                rule.name
                for rule in rules.active(self._connection)
                if name in rule_service.lists_asked_by(rule.expression)
            ]
            if asking:
                raise Conflict(f"{' and '.join(asking)} ask for the list {name}; archive or change them first")
            self._changed("lists", name, "removed")

    def _remove_documents(self, names: list[str]) -> None:
        for name in names:
            present = knowledge.find_named(self._connection, name)
            if present is not None:
                knowledge.remove(self._connection, present[0].id, by=self._by, at=self._at)
                self._changed("knowledge", name, "removed")


def _body(head: RuleHead) -> RuleDefinition:
    return RuleDefinition.model_validate(head.latest.model_dump(include=set(RuleDefinition.model_fields)))
