"""Reads IAM's credential report: one CSV row a user, the root user among them.

Source: IAM User Guide, "Generate credential reports for your AWS account". AWS makes a new report at most every
four hours; asking for one sooner gives the last.
"""

from __future__ import annotations

import base64
import binascii
import csv
import time
from collections.abc import Callable, Mapping

from poise.collect.aws.reading.reader import AwsReader, as_text
from poise.model.asset import Json
from poise.model.errors import NotRead

CALL = "iam:GetCredentialReport"
ROOT = "<root_account>"
PAUSES_S = (1.0, 2.0, 4.0, 8.0)
"""Seconds between two questions whether the report is ready."""
NO_TIME = frozenset({"N/A", "no_information", "not_supported", ""})
"""What stands in place of a time that is not, or that AWS does not know."""
KEYS_PER_USER = (1, 2)

Row = Mapping[str, str]


class CredentialReport:
    """The rows of the report by name of user, or the problem that kept it from us."""

    def __init__(self, rows: Mapping[str, Row], made_at: str = "", problem: NotRead | None = None) -> None:
        self._rows = rows
        self._made_at = made_at
        self._problem = problem

    def row(self, user: str) -> Row:
        """Return a user's row; :data:`ROOT` is the root user's. Raises :class:`NotRead`."""
        if self._problem is not None:
            raise self._problem
        if user not in self._rows:
            raise NotRead(CALL, "no_row", f"the credential report of {self._made_at} has no row for this user")
        return self._rows[user]


def read_report(reader: AwsReader, wait: Callable[[float], None] = time.sleep) -> CredentialReport:
    """Have the report made and read it, asking again within :data:`PAUSES_S` while it is being made."""
    try:
        _have_made(reader, wait)
        answer = reader.get("iam", "GetCredentialReport")
        return CredentialReport(_rows(answer), as_text(answer.get("GeneratedTime", "unknown time")))
    except NotRead as problem:
        return CredentialReport({}, problem=problem)


def _have_made(reader: AwsReader, wait: Callable[[float], None]) -> None:
    for pause in (*PAUSES_S, None):
        try:
            answer = reader.get("iam", "GenerateCredentialReport")
        except NotRead:
            # An export, or nobody's right: an earlier report may still be there, and reading it tells.
            return
        if answer.get("State") == "COMPLETE" or pause is None:
            return
        wait(pause)


def _rows(answer: Json) -> dict[str, Row]:
    try:
        text = _text(answer["Content"])
        return {row["user"]: row for row in csv.DictReader(text.splitlines())}
    except (KeyError, ValueError, csv.Error, binascii.Error) as problem:
        raise NotRead(CALL, "malformed", f"{CALL}: not a credential report: {problem}") from problem


def _text(content: Json) -> str:
    """boto3 gives bytes, the AWS CLI base64, and some exports keep the decoded text."""
    if isinstance(content, bytes):
        return content.decode()
    if not isinstance(content, str):
        raise ValueError(f"Content is {type(content).__name__}")
    if content.startswith("user,"):
        return content
    return base64.b64decode(content, validate=True).decode()


def moment(text: str) -> str | None:
    """Return a time of the report, or None where there is none; raises ``ValueError`` if the column is missing."""
    if not isinstance(text, str):
        raise ValueError("the row is cut short")
    return None if text in NO_TIME else text


def flag(text: str) -> bool:
    """Return a yes or no of the report; raises ``ValueError`` for anything else."""
    if text.lower() not in ("true", "false"):
        raise ValueError(f"{text!r} is neither true nor false")
    return text.lower() == "true"


def access_keys(row: Row) -> list[dict[str, Json]]:
    """Return the access keys of a row; one that was never made has neither a state nor a time."""
    keys = (_key(row, number) for number in KEYS_PER_USER)
    return [key for key in keys if key["active"] or key["last_changed"]]


def _key(row: Row, number: int) -> dict[str, Json]:
    start = f"access_key_{number}"
    return {
        "number": number,
        "active": flag(row[f"{start}_active"]),
        "last_changed": moment(row[f"{start}_last_rotated"]),
        "last_used": moment(row[f"{start}_last_used_date"]),
        "last_used_service": moment(row[f"{start}_last_used_service"]),
        "last_used_region": moment(row[f"{start}_last_used_region"]),
    }
