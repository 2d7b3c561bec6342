"""Response schemas of the knowledge base."""

from __future__ import annotations

from pydantic import BaseModel

from functions.api.http.schemas import Page
from risk.store.explanations.knowledge import Document


class DocumentPage(Page[Document]):
    """A part of the documents, by name; ``next_cursor`` asks for the next part, and is null at the end."""


class PassageView(BaseModel):
    """A passage as it is searched and cited; ``source`` is the first address that it names."""

    section: str
    text: str
    source: str | None


class DocumentDetail(Document):
    """A document with its passages, in its order."""

    content: list[PassageView]
