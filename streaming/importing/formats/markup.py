"""ISO 20022 XML (pacs.008, camt.053): one row per element, with the fields of its ancestors."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from risk.domain.errors import InvalidInput
from streaming.importing.formats.tables import BadRow, Row, Table

ROWS = ("CdtTrfTxInf", "Ntry")
"""A credit transfer of pacs.008, an entry of camt.053."""
_SAMPLED = 100


def read(stream: IO[bytes], name: str, root: str) -> Table:
    """The rows of an XML file: elements called ``root``, or ISO 20022's; columns are paths such as ``Amt.Ccy``."""
    rows = _rows(stream, name, (root,) if root else ROWS)
    sampled = list(islice(rows, _SAMPLED))
    columns = dict.fromkeys(key for row in sampled for key in row.values)
    if not sampled:
        wanted = root or " or ".join(ROWS)
        raise InvalidInput(f"{name} has no element {wanted}; say root: in the mapping which holds a row", field="file")
    all_rows: Iterator[Row | BadRow] = chain(sampled, rows)
    return Table(name, tuple(columns), all_rows)


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _rows(stream: IO[bytes], name: str, roots: tuple[str, ...]) -> Iterator[Row]:
    path: list[Element] = []
    number = 0
    try:
        for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                path.append(element)
                continue
            path.pop()
            if _local(element) not in roots:
                continue
            number += 1
            above: dict[str, Any] = {}
            for parent in path:
                for child in parent:
                    if _local(child) not in roots and child is not element:
                        above |= {f"^{key}": value for key, value in _flat(child, _local(child)).items()}
            yield Row(number, above | _flat(element, ""))
            element.clear()
            if path:
                path[-1].remove(element)
    except (ParseError, DefusedXmlException) as error:
        raise InvalidInput(f"{name} is no well-formed XML: {error}", field="file") from error


def _flat(element: Element, at: str) -> dict[str, Any]:
    """Text by path; attributes have their own path, and the first of repeated elements counts."""
    found: dict[str, Any] = {}
    if element.text and element.text.strip():
        found[at] = element.text.strip()
    for key, value in element.attrib.items():
        found[f"{at}.{key}" if at else key] = value
    for child in element:
        name = f"{at}.{_local(child)}" if at else _local(child)
        for key, value in _flat(child, name).items():
            found.setdefault(key, value)
    return found
