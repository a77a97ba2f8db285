"""The description of the API, OpenAPI 3.1, made of the same names that the API reads."""

from __future__ import annotations

from typing import Any

from course.content.library import Library
from course.domain.counts import BY, COUNT, FROM, TO, UNKNOWN, Dimension, Kind, Through

ERRORS = {
    "400": "A part of the question is not understood; the message names it.",
    "401": "No key, or one that does not work.",
    "403": "Exact counts were asked for; the API gives protected ones only.",
    "429": "The key has had its answers of this hour, or the network guesses keys. See Retry-After.",
}
_MONTH = r"^\d{4}-(0[1-9]|1[0-2])(-\d{2})?$"


def document(library: Library, path: str, base_url: str) -> dict[str, Any]:
    """The whole document. `path` is the address of the counts below `base_url`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{library.title['en']}: counts",
            "version": "1",
            "description": (
                "How many started, passed modules, completed tracks, got certificates and attended. Small counts are "
                "protected and months appear a week after their end, so figures never change once they are given."
            ),
        },
        "servers": [{"url": base_url}],
        "security": [{"key": []}],
        "paths": {path: {"get": _operation(library)}},
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Counts": _counts(), "Error": _error()},
        },
    }


def _operation(library: Library) -> dict[str, Any]:
    return {
        "operationId": "counts",
        "summary": "Protected counts, divided and filtered",
        "parameters": _parameters(library),
        "responses": {
            "200": _answer("The table.", "Counts"),
            **{code: _answer(said, "Error") for code, said in ERRORS.items()},
        },
    }


def _answer(said: str, schema: str) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return {"description": said, "content": {"application/json": {"schema": reference}}}


def _parameters(library: Library) -> list[dict[str, Any]]:
    several = {"in": "query", "required": False, "style": "form", "explode": False}
    by = {"type": "array", "items": {"enum": [one.value for one in Dimension]}}
    kinds = {"type": "array", "items": {"enum": [one.value for one in Kind]}}
    found: list[dict[str, Any]] = [
        {"name": BY, **several, "description": "What to divide by.", "schema": by},
        {"name": COUNT, **several, "description": "What to count; all without it.", "schema": kinds},
    ]
    for one in Dimension:
        items: dict[str, Any] = {"type": "string"}
        if values := _values(library, one):
            items["enum"] = [*values, UNKNOWN]
        said = f"Only these; {UNKNOWN} is for what is not known."
        found.append({"name": one.value, **several, "description": said, "schema": {"type": "array", "items": items}})
    for name, said in ((FROM, "The first month."), (TO, "The last month.")):
        schema = {"type": "string", "pattern": _MONTH}
        found.append({"name": name, "in": "query", "required": False, "description": said, "schema": schema})
    return found


def _values(library: Library, dimension: Dimension) -> list[str]:
    """The values of a closed list; none for months and editions, of which there are more every year."""
    found: dict[Dimension, list[str]] = {
        Dimension.NETWORK: list(library.networks),
        Dimension.ORGANISATION: list(library.organisations),
        Dimension.PROFESSION: list(library.professions),
        Dimension.LANGUAGE: list(library.languages),
        Dimension.TRACK: [one.id for one in library.tracks],
        Dimension.MODULE: [one.id for one in library.modules],
        Dimension.WAY_IN: [one.value for one in Through],
    }
    return found.get(dimension, [])


def _counts() -> dict[str, Any]:
    number = {"type": "integer", "minimum": 0}
    properties: dict[str, Any] = {one.value: {"type": "string"} for one in Dimension}
    properties |= {one.value: number for one in Kind}
    texts = {"type": "array", "items": {"type": "string"}}
    return {
        "type": "object",
        "required": ["exact", "small", "until", "by", "filters", "from", "to", "rows", "totals"],
        "properties": {
            "exact": {"const": False},
            "small": {"type": "integer", "description": "Counts below this are protected."},
            "until": {"type": "string", "description": "The last month published; empty before the first."},
            "by": texts,
            "filters": {"type": "object", "additionalProperties": texts},
            "from": {"type": "string"},
            "to": {"type": "string"},
            "rows": {"type": "array", "items": {"type": "object", "properties": properties}},
            "totals": {"type": "object", "additionalProperties": number},
        },
    }


def _error() -> dict[str, Any]:
    text = {"type": "string"}
    said = {"type": "object", "required": ["code", "message"], "properties": {"code": text, "message": text}}
    return {"type": "object", "required": ["error"], "properties": {"error": said}}
