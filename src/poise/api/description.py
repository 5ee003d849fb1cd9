"""What OpenAPI says of the API: parameters from the names of filters, answers from the records themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import FastAPI
from starlette.responses import Response

from poise.app.changes import ScoreChange
from poise.app.entitlement import Entitlement
from poise.app.entitlements import Abilities, Holders
from poise.app.queries import Recommendation
from poise.model.finding import Finding
from poise.score.cloud import CloudScore
from poise.score.secure import SecureScore

Json = dict[str, Any]

PAGING_PARAMETERS = {
    "sort": "risk, severity, newest, name, id",
    "per_page": "Rows at once, up to 200",
    "cursor": "Where the last page ended: follow the Link header",
}
SHAPES = (Finding, Recommendation, SecureScore, CloudScore, ScoreChange, Entitlement, Holders, Abilities)
"""Records that answers hold as they are."""
REF = "#/components/schemas/{name}"
ANYTHING: Json = {"type": "object"}
PROBLEM: Json = {
    "type": "object",
    "required": ["title", "status"],
    "properties": {"title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"}},
}


class Described(FastAPI):
    """An application whose description holds the records of its answers."""

    def openapi(self) -> Json:
        """Return the OpenAPI document."""
        document = super().openapi()
        document.setdefault("components", {}).setdefault("schemas", {}).update(components())
        return document


def components() -> Json:
    """Return the JSON schemas of the records, by name."""
    return msgspec.json.schema_components(SHAPES, ref_template=REF)[1]


def one(summary: str, shape: type | None = None, parameters: Mapping[str, str] | None = None) -> Json:
    """Describe an operation that answers with one thing."""
    return _described(summary, parameters or {}, _schema(shape))


def many(summary: str, parameters: Mapping[str, str], shape: type | None = None) -> Json:
    """Describe an operation that answers with a list."""
    rows: Json = {"type": "array", "items": _schema(shape)}
    properties: Json = {"total": {"type": "integer"}, "rows": rows, "next": {"type": ["string", "null"]}}
    schema: Json = {"type": "object", "required": [*properties], "properties": properties}
    return _described(summary, parameters, schema)


def _schema(shape: type | None) -> Json:
    return {"$ref": REF.format(name=shape.__name__)} if shape else ANYTHING


def _described(summary: str, parameters: Mapping[str, str], schema: Json) -> Json:
    texts: Json = {"type": "array", "items": {"type": "string"}}
    documented = [
        {"name": name, "in": "query", "required": False, "description": meaning, "schema": texts}
        for name, meaning in parameters.items()
    ]
    problem: Json = {"application/problem+json": {"schema": PROBLEM}}
    return {
        "summary": summary,
        "response_class": Response,
        "responses": {
            200: {"description": summary, "content": {"application/json": {"schema": schema}}},
            422: {"description": "A parameter is wrong.", "content": problem},
        },
        "openapi_extra": {"parameters": documented} if documented else None,
    }
