"""Stand-ins of Jira and ServiceNow that refuse whatever their published contracts do not allow.

Shapes: developer.atlassian.com, Jira Cloud REST v3 (`IssueUpdateDetails`, `SearchAndReconcileRequestBean`, `Comment`)
and Data Center REST v2; servicenow.com/docs, Table API.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema

from tests.notify.servers import Reply, Request

TEXT = {"type": "string", "minLength": 1}
DOCUMENT = {
    "type": "object",
    "required": ["type", "version", "content"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "doc"},
        "version": {"const": 1},
        "content": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "content"],
                "additionalProperties": False,
                "properties": {
                    "type": {"const": "paragraph"},
                    "content": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["type", "text"],
                            "additionalProperties": False,
                            "properties": {"type": {"const": "text"}, "text": TEXT},
                        },
                    },
                },
            },
        },
    },
}


def closed(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": sorted(required),
        "additionalProperties": False,
        "properties": required | optional,
    }


def issue_schema(text: dict[str, Any]) -> dict[str, Any]:
    fields = closed(
        {
            "project": closed({"key": {"type": "string", "pattern": "^[A-Z][A-Z0-9_]+$"}}),
            "issuetype": closed({"name": TEXT}),
            "summary": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[^\r\n]*$"},
        },
        description=text,
        labels={"type": "array", "items": {"type": "string", "pattern": r"^\S{1,255}$"}},
    )
    return closed({"fields": fields})


@dataclass
class JiraStandIn:
    """One project, with the workflow To Do -> In Progress -> Done and back."""

    version: str = "3"
    proof: str = ""
    issues: dict[str, dict[str, Any]] = field(default_factory=dict)
    transitions: tuple[tuple[str, str, str], ...] = (
        ("11", "To Do", "new"),
        ("21", "Start", "indeterminate"),
        ("31", "Done", "done"),
    )
    down: bool = False

    def answer(self, request: Request) -> Reply:
        if self.down:
            return 503, None
        if request.headers.get("authorization") != self.proof:
            return 401, None
        parts = urlsplit(request.path)
        root = f"/rest/api/{self.version}"
        if not parts.path.startswith(f"{root}/"):
            return 404, {"errorMessages": ["null for uri"]}
        try:
            return self._answer(request.method, parts.path.removeprefix(root), request)
        except (jsonschema.ValidationError, ValueError) as wrong:
            return 400, {"errorMessages": [str(wrong)[:200]], "errors": {}}

    def _answer(self, method: str, path: str, request: Request) -> Reply:
        text = DOCUMENT if self.version == "3" else TEXT
        search = "/search/jql" if self.version == "3" else "/search"
        if (method, path) == ("POST", search):
            jsonschema.validate(
                request.json,
                closed({"jql": TEXT}, maxResults={"type": "integer"}, fields={"type": "array", "items": TEXT}),
            )
            label = request.json["jql"].split('labels = "')[1].split('"')[0]
            return 200, {"issues": [self._shown(i) for i in self.issues.values() if label in i["labels"]][:1]}
        if (method, path) == ("POST", "/issue"):
            jsonschema.validate(request.json, issue_schema(text))
            key = f"SEC-{len(self.issues) + 1}"
            fields = request.json["fields"]
            self.issues[key] = {
                "key": key,
                "labels": fields["labels"],
                "status": ("To Do", "new"),
                "comments": [],
                **fields,
            }
            return 201, {"id": str(10000 + len(self.issues)), "key": key, "self": "https://x/rest"}
        return self._of_issue(method, path.removeprefix("/issue/").split("/"), request, text)

    def _of_issue(self, method: str, parts: list[str], request: Request, text: dict[str, Any]) -> Reply:
        issue = self.issues.get(parts[0])
        if issue is None:
            return 404, {"errorMessages": ["Issue does not exist or you do not have permission to see it."]}
        match method, parts[1:]:
            case "GET", []:
                return 200, self._shown(issue)
            case "POST", ["comment"]:
                jsonschema.validate(request.json, closed({"body": text}))
                issue["comments"].append(request.json["body"])
                return 201, {"id": "1"}
            case "GET", ["transitions"]:
                found = [
                    {"id": id, "name": name, "to": {"name": name, "statusCategory": {"key": category}}}
                    for id, name, category in self.transitions
                ]
                return 200, {"transitions": found}
            case "POST", ["transitions"]:
                jsonschema.validate(request.json, closed({"transition": closed({"id": TEXT})}))
                _, name, category = next(t for t in self.transitions if t[0] == request.json["transition"]["id"])
                issue["status"] = (name, category)
                return 204, None
        return 405, None

    @staticmethod
    def _shown(issue: dict[str, Any]) -> dict[str, Any]:
        name, category = issue["status"]
        return {"key": issue["key"], "fields": {"status": {"name": name, "statusCategory": {"key": category}}}}


@dataclass
class ServiceNowStandIn:
    """The table of incidents; resolving one needs a close code and notes."""

    proof: str = ""
    rows: list[dict[str, Any]] = field(default_factory=list)
    down: bool = False

    def answer(self, request: Request) -> Reply:
        if self.down:
            return 503, None
        if request.headers.get("authorization") != self.proof:
            return 401, {"error": {"message": "User Not Authenticated"}, "status": "failure"}
        parts = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        root = "/api/now/table/incident"
        if not parts.path.startswith(root) or not set(query) <= {"sysparm_query", "sysparm_fields", "sysparm_limit"}:
            return 400, {"error": {"message": "Invalid table"}}
        id = parts.path.removeprefix(root).strip("/")
        try:
            return self._answer(request, id, query)
        except jsonschema.ValidationError as wrong:
            return 400, {"error": {"message": wrong.message}}

    def _answer(self, request: Request, id: str, query: dict[str, str]) -> Reply:
        shown = lambda row: {name: row[name] for name in query["sysparm_fields"].split(",")}  # noqa: E731
        match request.method, bool(id):
            case "GET", False:
                wanted = query["sysparm_query"].split("^")[0].removeprefix("correlation_id=")
                return 200, {"result": [shown(row) for row in self.rows if row["correlation_id"] == wanted][:1]}
            case "POST", False:
                level = {"enum": ["1", "2", "3"]}
                names = closed(
                    {"short_description": {"type": "string", "maxLength": 160}, "correlation_id": {"maxLength": 100}},
                    description=TEXT,
                    correlation_display=TEXT,
                    urgency=level,
                    impact=level,
                    assignment_group=TEXT,
                )
                jsonschema.validate(request.json, names)
                number = len(self.rows) + 1
                row = {
                    "sys_id": f"{number:032x}",
                    "number": f"INC{number:07}",
                    "state": "1",
                    "notes": [],
                    **request.json,
                }
                self.rows.append(row)
                return 201, {"result": shown(row)}
            case "PATCH", True:
                state = {"enum": ["1", "2", "3", "6", "7", "8"]}
                jsonschema.validate(
                    request.json, closed({}, state=state, work_notes=TEXT, close_code=TEXT, close_notes=TEXT)
                )
                row = next(row for row in self.rows if row["sys_id"] == id)
                if request.json.get("state") in ("6", "7") and not request.json.get("close_code"):
                    return 403, {"error": {"message": "Data Policy Exception: close code is mandatory"}}
                row["notes"].append(request.json.get("work_notes"))
                row.update({name: value for name, value in request.json.items() if name != "work_notes"})
                return 200, {"result": shown(row)}
        return 405, None


def basic(user: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()
