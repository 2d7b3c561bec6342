"""Response schemas of the knowledge base."""

from __future__ import annotations

from pydantic import BaseModel

from functions.api.http.conventions.schemas import Page
from risk.store.explanations.knowledge import Document


class DocumentPage(Page[Document]):
    """A page of documents, by name; ``next_cursor`` asks for the next page and is null on the last."""


class PassageView(BaseModel):
    """A passage as it is searched and cited; ``source`` is the first URL that it names."""

    section: str
    text: str
    source: str | None


class DocumentDetail(Document):
    """A document with its passages, in order."""

    content: list[PassageView]
