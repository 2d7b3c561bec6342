"""The check of an answer, sentence by sentence as it comes: what stands is kept, what does not is counted.

What is suggested never comes from an answer. It may put the template's suggestion into words where it says the same;
where it says another, the template's stays: whoever wrote an attribute or a document cannot move it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from risk.alerts.alert import Disposition
from risk.explanations.explanation import Explanation, Sentence, Suggestion
from risk.explanations.grounding.checker import Fault, Grounds

PARTS = ("summary", "why", "against", "checks")
BECAUSE = "because"
LEAST_KEPT = 0.5
"""An answer of which more than half was taken out is not shown."""


@dataclass(frozen=True)
class Removed:
    """What was taken out of an answer, and why."""

    part: str
    text: str
    fault: Fault


@dataclass
class Checking:
    """What is left of an answer, and what was taken out of it. ``suggestion`` is the template's."""

    grounds: Grounds
    suggestion: Suggestion | None
    removed: list[Removed] = field(default_factory=list)
    _parts: dict[str, list[Sentence]] = field(default_factory=lambda: {part: [] for part in (*PARTS, BECAUSE)})

    def take(self, part: str, sentence: Sentence) -> Sentence | None:
        """The sentence as it may be shown in ``part``, or None: it does not stand, or was said before."""
        found = self.grounds.check(sentence, decides=part == BECAUSE)
        if isinstance(found, Fault):
            self.remove(part, sentence.text, found)
            return None
        if found in self._parts[part]:
            return None
        self._parts[part].append(found)
        return found

    def remove(self, part: str, text: str, fault: Fault) -> None:
        """Count what was taken out."""
        self.removed.append(Removed(part, text, fault))

    @property
    def is_enough(self) -> bool:
        """Whether what is left is worth showing: a summary, and not less than was taken out."""
        kept = sum(len(self._parts[part]) for part in PARTS)
        return bool(self._parts["summary"]) and kept >= LEAST_KEPT * (kept + len(self.removed))

    def explanation(self, disposition: Disposition | None) -> Explanation:
        """What is left of an answer that suggests ``disposition``."""
        suggestion, because = self.suggestion, self._parts[BECAUSE]
        if disposition is not None and (suggestion is None or disposition is not suggestion.disposition):
            self.remove("suggestion", disposition, Fault.DISPOSITION)
        elif disposition is not None and suggestion is not None and because:
            suggestion = suggestion.model_copy(update={"because": because})
        return Explanation(
            summary=self._parts["summary"],
            why=self._parts["why"],
            against=self._parts["against"],
            checks=self._parts["checks"],
            suggestion=suggestion,
        )
