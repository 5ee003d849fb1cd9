"""The rules of OSCAL 1.1 assessment results, as far as our documents use them, in the words of JSON Schema.

Written from NIST's reference of the model: names, which members must be there, that nothing else may be, that a list is
never empty, and the forms of tokens, one-line strings, times and identifiers. The official schema itself is asked in
the conformance tests, where a package brings it.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
UUID = {
    "type": "string",
    "pattern": "^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[45][0-9A-Fa-f]{3}-[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}$",
}
TOKEN = {"type": "string", "pattern": r"^([^\W\d_]|_)([^\W\d_]|\d|[.\-_])*$"}
STRING = {"type": "string", "pattern": r"^\S(.*\S)?$"}
LINE = {"type": "string", "pattern": r"^[^\n]+$"}
TEXT = {"type": "string"}
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
URI = {"type": "string", "pattern": r"^[a-zA-Z][a-zA-Z0-9+\-.]+:.+$"}
REFERENCE = {"type": "string", "pattern": r"^\S+$"}


def thing(required: Json, **optional: Any) -> Json:
    """An object that has these members and no others."""
    return {
        "type": "object",
        "properties": required | {name.replace("_", "-"): rule for name, rule in optional.items()},
        "required": list(required),
        "additionalProperties": False,
    }


def some(rule: Json) -> Json:
    """A list that is never empty."""
    return {"type": "array", "minItems": 1, "items": rule}


PROP = thing({"name": TOKEN, "value": STRING}, uuid=UUID, ns=URI, **{"class": TOKEN}, group=TOKEN, remarks=TEXT)
LINK = thing({"href": REFERENCE}, rel=TOKEN, media_type=STRING, resource_fragment=STRING, text=LINE)
SHOWN = {"props": some(PROP), "links": some(LINK), "remarks": TEXT}
PARTIES = thing({"role-id": TOKEN, "party-uuids": some(UUID)}, **SHOWN)
METADATA = thing(
    {"title": LINE, "last-modified": TIME, "version": STRING, "oscal-version": STRING},
    roles=some(thing({"id": TOKEN, "title": LINE}, short_name=STRING, description=TEXT, **SHOWN)),
    parties=some(thing({"uuid": UUID, "type": {"enum": ["person", "organization"]}}, name=STRING, **SHOWN)),
    responsible_parties=some(PARTIES),
    published=TIME,
    **SHOWN,
)
ACTOR = thing(
    {"type": {"enum": ["tool", "assessment-platform", "party"]}, "actor-uuid": UUID}, role_id=TOKEN, props=some(PROP)
)
SUBJECT = thing({"subject-uuid": UUID, "type": TOKEN}, title=LINE, **SHOWN)
OBSERVATION = thing(
    {"uuid": UUID, "description": TEXT, "methods": some(STRING), "collected": TIME},
    title=LINE,
    types=some(TOKEN),
    origins=some(thing({"actors": some(ACTOR)})),
    subjects=some(SUBJECT),
    relevant_evidence=some(thing({"description": TEXT}, href=REFERENCE, **SHOWN)),
    expires=TIME,
    **SHOWN,
)
STATUS = thing({"state": {"enum": ["satisfied", "not-satisfied"]}}, reason=TOKEN, remarks=TEXT)
TARGET = thing(
    {"type": {"enum": ["statement-id", "objective-id"]}, "target-id": TOKEN, "status": STATUS},
    title=LINE,
    description=TEXT,
    **SHOWN,
)
FINDING = thing(
    {"uuid": UUID, "title": LINE, "description": TEXT, "target": TARGET},
    origins=some(thing({"actors": some(ACTOR)})),
    related_observations=some(thing({"observation-uuid": UUID}, remarks=TEXT)),
    **SHOWN,
)
CHOSEN = some(thing({"control-id": TOKEN}, statement_ids=some(TOKEN)))
SELECTION = thing(
    {}, description=TEXT, include_all={"type": "object"}, include_controls=CHOSEN, exclude_controls=CHOSEN, **SHOWN
) | {"oneOf": [{"required": ["include-all"]}, {"required": ["include-controls"]}]}
PART = thing(
    {"name": TOKEN}, uuid=UUID, ns=URI, **{"class": TOKEN}, title=LINE, prose=TEXT, props=some(PROP), links=some(LINK)
)
ITEM = thing({"uuid": UUID, "description": TEXT}, **SHOWN)
RESULT = thing(
    {
        "uuid": UUID,
        "title": LINE,
        "description": TEXT,
        "start": TIME,
        "reviewed-controls": thing({"control-selections": some(SELECTION)}, description=TEXT, **SHOWN),
    },
    end=TIME,
    local_definitions=thing({}, inventory_items=some(ITEM)),
    attestations=some(thing({"parts": some(PART)}, responsible_parties=some(PARTIES))),
    observations=some(OBSERVATION),
    findings=some(FINDING),
    **SHOWN,
)
ASSESSMENT_RESULTS = thing(
    {
        "assessment-results": thing(
            {
                "uuid": UUID,
                "metadata": METADATA,
                "import-ap": thing({"href": REFERENCE}, remarks=TEXT),
                "results": some(RESULT),
            }
        )
    }
)
