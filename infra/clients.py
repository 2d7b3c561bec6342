"""Generates the clients' operations and schemas from the OpenAPI document: in Python, a method per operation.

``python -m infra.clients`` writes ``clients/python/realtime_risk/{operations,schemas}.py`` and the TypeScript client's
``schema.d.ts``; a test fails when they differ from ``docs/openapi.json``.
"""

from __future__ import annotations

import json
import keyword
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from infra import PROJECT

DOCUMENT = PROJECT / "docs" / "openapi.json"
PYTHON = PROJECT / "clients" / "python" / "realtime_risk"
TYPESCRIPT = PROJECT / "clients" / "typescript" / "src" / "schema.d.ts"
_TYPES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_HEAD = '"""{about} Generated from the OpenAPI document: see infra/clients.py."""\n\n# ruff: noqa\n# fmt: off\n'
_VERBS = ("get", "post", "put", "patch", "delete")


def operations(document: Mapping[str, Any]) -> str:
    """The source of a mixin with a method for every operation of ``document``."""
    lines = [
        _HEAD.format(about="The operations of the API."),
        "from __future__ import annotations",
        "",
        "from typing import Any, Literal",
        "from uuid import UUID",
        "",
        "from realtime_risk.schemas import *",
        "from realtime_risk.transport import Transport",
        "",
        "",
        "class Operations(Transport):",
        '    """A method for every operation; an ``idempotency_key`` is made where none is given."""',
    ]
    for path, item in document["paths"].items():
        for verb in _VERBS:
            if verb in item:
                lines += ["", *_method(path, verb, item[verb])]
    return "\n".join(lines) + "\n"


def _method(path: str, verb: str, operation: Mapping[str, Any]) -> Iterator[str]:
    parameters = operation.get("parameters", [])
    inside = [one for one in parameters if one["in"] == "path"]
    asked = [one for one in parameters if one["in"] == "query"]
    keyed = any(one["in"] == "header" and one["name"] == "Idempotency-Key" for one in parameters)
    matched = any(one["in"] == "header" and one["name"].lower() == "if-match" for one in parameters)
    signature = ["self", *(f"{_name(one['name'])}: {type_of(one['schema'])}" for one in inside)]
    body = operation.get("requestBody", {}).get("content", {})
    media = next(iter(body), None)
    json_body = media == "application/json"
    if media is not None:
        signature.append(f"body: {type_of(body[media]['schema']) if json_body else 'bytes'}")
    options = [
        f"{_name(one['name'])}: {type_of(one['schema'], optional=optional)}{' = None' if optional else ''}"
        for one in sorted(asked, key=lambda one: not one.get("required"))
        for optional in [not one.get("required")]
    ]
    options += ["idempotency_key: str | None = None"] if keyed else []
    options += ["if_match: str | None = None"] if matched else []
    signature += ["*", *options] if options else []
    yield f"    def {_name(operation['operationId'])}({', '.join(signature)}) -> {_answer(operation)}:"
    yield textwrap.indent(f'"""{_about(operation)}"""', " " * 8)
    filled = re.sub(r"\{(\w+)\}", lambda found: "{self.quote(" + _name(found[1]) + ")}", path)
    given = [f"{verb.upper()!r}", f"f{filled!r}" if inside else repr(path)]
    if asked:
        given.append("query={" + ", ".join(f"{one['name']!r}: {_name(one['name'])}" for one in asked) + "}")
    if media is not None:
        given.append("json=body" if json_body else f"content=body, content_type={media!r}")
    if keyed:
        given.append("idempotency_key=idempotency_key, keyed=True")
    if matched:
        given.append("if_match=if_match")
    answer = _answer(operation)
    if answer == "None":
        yield f"        self.request({', '.join(given)})"
        return
    yield f"        answer: {answer} = self.request({', '.join(given)})"
    yield "        return answer"


def _about(operation: Mapping[str, Any]) -> str:
    text = (operation.get("description") or operation.get("summary") or operation["operationId"]).split("\n\n")[0]
    return " ".join(text.replace("\\", "\\\\").replace('"', "'").split())


def _answer(operation: Mapping[str, Any]) -> str:
    found = []
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            schema = answer.get("content", {}).get("application/json", {}).get("schema")
            found.append("None" if schema is None else type_of(schema))
    return " | ".join(dict.fromkeys(found)) or "Any"


def _name(name: str) -> str:
    plain = re.sub(r"\W", "_", name)
    return f"{plain}_" if keyword.iskeyword(plain) else plain


def type_of(schema: Mapping[str, Any], *, optional: bool = False) -> str:
    """The Python type of a JSON schema; or None where it is ``optional``."""
    found = _union(schema) if {"anyOf", "oneOf"} & schema.keys() else [_one_type(schema)]
    return " | ".join(dict.fromkeys([*found, *(["None"] if optional else [])]))


def _union(schema: Mapping[str, Any]) -> list[str]:
    return [part for one in schema.get("anyOf") or schema["oneOf"] for part in type_of(one).split(" | ")]


def _one_type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return _class(schema["$ref"])
    if "enum" in schema or "const" in schema:
        return f"Literal[{', '.join(map(repr, schema.get('enum') or [schema['const']]))}]"
    kind = schema.get("type")
    if kind == "array":
        return f"list[{type_of(schema.get('items', {}))}]"
    if kind == "object":
        inner = schema.get("additionalProperties")
        return f"dict[str, {type_of(inner) if isinstance(inner, Mapping) else 'Any'}]"
    return "UUID | str" if schema.get("format") == "uuid" else _TYPES.get(str(kind), "Any")


def _class(reference: str) -> str:
    return re.sub(r"\W", "_", reference.rpartition("/")[2])


def schemas(document: Mapping[str, Any]) -> str:
    """The source of the document's schemas as typed dictionaries."""
    lines = [
        _HEAD.format(about="What the API takes and answers."),
        "from __future__ import annotations",
        "",
        "from typing import Any, Literal, NotRequired, TypeAlias, TypedDict",
        "from uuid import UUID",
    ]
    for name, schema in sorted(document["components"]["schemas"].items()):
        title, properties = _class(name), schema.get("properties")
        if not properties:
            lines += ["", f"{title}: TypeAlias = {type_of(schema)!r}"]
            continue
        needed = set(schema.get("required", ()))
        lines += ["", f"{title} = TypedDict({title!r}, {{"]
        for key, one in properties.items():
            wanted = type_of(one) if key in needed else f"NotRequired[{type_of(one)}]"
            lines.append(f"    {key!r}: {wanted!r},")
        lines.append("})")
    return "\n".join(lines) + "\n"


def generated() -> dict[Path, str]:
    """The contents of the clients' generated files."""
    document = json.loads(DOCUMENT.read_text("utf-8"))
    types = (PROJECT / "frontend" / "src" / "shared" / "api" / "schema.d.ts").read_text("utf-8")
    return {PYTHON / "operations.py": operations(document), PYTHON / "schemas.py": schemas(document), TYPESCRIPT: types}


def main() -> int:
    """Write the files; with ``--check`` list those that are out of date."""
    old = [path for path, text in generated().items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in old:
            print(f"{path.relative_to(PROJECT)} is not of this API. Generate it anew: python -m infra.clients")  # noqa: T201
        return int(bool(old))
    for path, text in generated().items():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
