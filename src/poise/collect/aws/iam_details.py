"""Turns the answer of iam:GetAccountAuthorizationDetails into users, groups, roles and policies.

The answer alone is enough for their policies. Documents come as objects (boto3, AWS CLI), as JSON text, or as
percent-encoded JSON text (the API itself): each is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import unquote

from poise.collect.aws.reading.credential_report import CredentialReport, access_keys, flag, moment
from poise.collect.aws.reading.reader import AwsReader, as_text, tags_of
from poise.collect.documents import policy_document
from poise.collect.facts import Facts, Piece
from poise.model.asset import Asset, Document, Json
from poise.model.aws.iam import IamGroup, IamPolicy, IamRole, IamUser
from poise.model.errors import NotRead

A = TypeVar("A", bound=Asset)
CALL = "iam:GetAccountAuthorizationDetails"
LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
PAGE_ITEMS = 1000
CREDENTIAL_FIELDS = (
    "has_password",
    "password_last_used",
    "password_last_changed",
    "has_mfa",
    "access_keys",
    "active_certificates",
)


class Items:
    """A list that may have been cut short: iterating gives what was read, then raises the problem."""

    def __init__(self, items: Iterable[Json] = (), problem: NotRead | None = None) -> None:
        self.read = list(items)
        self.problem = problem

    @classmethod
    def all_of(cls, items: Iterable[Json]) -> Items:
        """Read a list to its end, or to the problem that ends it."""
        found = cls()
        try:
            for item in items:
                found.read.append(item)
        except NotRead as problem:
            found.problem = problem
        return found

    def __iter__(self) -> Iterator[Json]:
        yield from self.read
        if self.problem is not None:
            raise self.problem


def read_details(reader: AwsReader) -> dict[str, Items]:
    """Return the four lists of the answer; every page is read once, as they share the pages."""
    lists: dict[str, list[Json]] = {name: [] for name in LISTS}
    problem = None
    try:
        for page in _pages(reader):
            for name in LISTS:
                lists[name] += _list(page, name)
    except NotRead as end:
        problem = end
    return {name: Items(items, problem) for name, items in lists.items()}


def _pages(reader: AwsReader) -> Iterator[Json]:
    page = reader.get("iam", "GetAccountAuthorizationDetails", MaxItems=PAGE_ITEMS)
    yield page
    while page.get("IsTruncated") or page.get("NextToken"):
        marker = page.get("Marker")
        if not isinstance(marker, str):
            raise NotRead(CALL, "cut_short", f"{CALL}: the answer is cut short and names no next page")
        try:
            page = reader.get("iam", "GetAccountAuthorizationDetails", MaxItems=PAGE_ITEMS, Marker=marker)
        except NotRead as problem:
            # "Not in this export" would count as nothing missing, yet the rest of the list is.
            code = "cut_short" if problem.code == "not_in_export" else problem.code
            raise NotRead(CALL, code, f"{CALL}: a further page was not read: {problem.reason}") from problem
        yield page


def _list(page: Json, name: str) -> list[Json]:
    items = page.get(name, ())
    if not isinstance(items, list | tuple):
        raise NotRead(CALL, "malformed", f"{CALL}: {name} is not a list")
    return list(items)


@dataclass(frozen=True)
class Answers:
    """What the converters below need beside an item of the lists."""

    account: str
    report: CredentialReport
    sessions: Mapping[str, Json] | NotRead
    """ARN of a role -> its item of iam:ListRoles, or the problem of that call."""
    policy_tags: Mapping[str, Json | NotRead]
    """ARN of a customer managed policy -> answer of iam:ListPolicyTags."""

    def user(self, item: Json) -> Iterator[Piece]:
        """Yield a user."""
        facts = Facts(IamUser)
        facts.pick(
            CALL,
            item,
            tags=_tags,
            unique_id="UserId",
            groups="GroupList",
            # IAM leaves the list out of the answer for a user without such policies.
            inline_policies=lambda i: _inline(i.get("UserPolicyList", ())),
            attached_policies=_attached,
            permissions_boundary="PermissionsBoundary.PermissionsBoundaryArn",
            **_ORIGIN,
        )
        self._credentials(facts, item["UserName"])
        yield from self._finished(facts, item)

    def group(self, item: Json) -> Iterator[Piece]:
        """Yield a group; IAM keeps no tags of groups."""
        facts = Facts(IamGroup)
        facts.set(tags={})
        facts.pick(
            CALL,
            item,
            unique_id="GroupId",
            inline_policies=lambda i: _inline(i["GroupPolicyList"]),
            attached_policies=_attached,
            **_ORIGIN,
        )
        yield from self._finished(facts, item)

    def role(self, item: Json) -> Iterator[Piece]:
        """Yield a role."""
        facts = Facts(IamRole)
        facts.pick(
            CALL,
            item,
            tags=_tags,
            unique_id="RoleId",
            trust_policy=lambda i: document(i["AssumeRolePolicyDocument"]),
            inline_policies=lambda i: _inline(i["RolePolicyList"]),
            attached_policies=_attached,
            permissions_boundary="PermissionsBoundary.PermissionsBoundaryArn",
            instance_profiles=lambda i: [profile["Arn"] for profile in i["InstanceProfileList"]],
            last_used=_last_used,
            **_ORIGIN,
        )
        self._session(facts, item["Arn"])
        yield from self._finished(facts, item)

    def policy(self, item: Json) -> Iterator[Piece]:
        """Yield a customer managed policy, or one of AWS's that is in use."""
        owner = item["Arn"].split(":")[4]
        if owner == "aws" and item.get("AttachmentCount") == 0 and not item.get("PermissionsBoundaryUsageCount"):
            return
        facts = Facts(IamPolicy)
        facts.set(owner=owner)
        facts.pick(
            CALL,
            item,
            unique_id="PolicyId",
            document=lambda i: _versions(i)[i["DefaultVersionId"]],
            default_version="DefaultVersionId",
            other_versions=lambda i: {k: v for k, v in _versions(i).items() if k != i["DefaultVersionId"]},
            attachments="AttachmentCount",
            boundary_uses="PermissionsBoundaryUsageCount",
            **_ORIGIN,
        )
        self._tags_of_policy(facts, item["Arn"])
        yield from self._finished(facts, item)

    def _finished(self, facts: Facts[A], item: Json) -> Iterator[Piece]:
        # A name holds no slash (IAM User Guide, "IAM and AWS STS quotas"), a path may.
        name = item["Arn"].rsplit("/", 1)[1]
        yield from facts.finish(id=item["Arn"], name=name, scope=self.account, region="global")

    def _credentials(self, facts: Facts[IamUser], name: str) -> None:
        try:
            row = self.report.row(name)
        except NotRead as problem:
            facts.lacks(problem, *CREDENTIAL_FIELDS)
            return
        facts.pick(
            "iam:GetCredentialReport",
            row,
            has_password=lambda r: flag(r["password_enabled"]),
            password_last_used=lambda r: moment(r["password_last_used"]),
            password_last_changed=lambda r: moment(r["password_last_changed"]),
            has_mfa=lambda r: flag(r["mfa_active"]),
            access_keys=access_keys,
            active_certificates=lambda r: flag(r["cert_1_active"]) + flag(r["cert_2_active"]),
        )

    def _session(self, facts: Facts[IamRole], arn: str) -> None:
        if isinstance(self.sessions, NotRead):
            facts.lacks(self.sessions, "max_session_seconds")
            return
        if arn not in self.sessions:
            facts.lacks(NotRead("iam:ListRoles", "no_row", "iam:ListRoles does not name it"), "max_session_seconds")
            return
        facts.pick("iam:ListRoles", self.sessions[arn], max_session_seconds="MaxSessionDuration")

    def _tags_of_policy(self, facts: Facts[IamPolicy], arn: str) -> None:
        answer = self.policy_tags.get(arn)
        if answer is None:
            # AWS's own policies cannot be tagged by their users.
            facts.set(tags={})
        else:
            take_tags(facts, "iam:ListPolicyTags", answer)


def take_tags(facts: Facts[A], call: str, answer: Json | NotRead) -> None:
    """Take the tags out of the answer of a call that was made before, or note its problem."""
    if isinstance(answer, NotRead):
        facts.lacks(answer, "tags")
    else:
        facts.pick(call, answer, tags=_tags)


def document(value: Json) -> Document:
    """Return a policy document from any form that AWS gives it in; raises ``ValueError`` otherwise."""
    if isinstance(value, str) and value.lstrip()[:1] not in ("{", "["):
        value = unquote(value)
    parsed = policy_document(value)
    if parsed is None:
        raise ValueError("the document is missing")
    return parsed


_ORIGIN: dict[str, str | Callable[[Json], Json]] = {"created": lambda i: as_text(i["CreateDate"]), "path": "Path"}


def _tags(item: Json) -> dict[str, str]:
    return tags_of(item.get("Tags"))


def _inline(items: Json) -> dict[str, Document]:
    return {item["PolicyName"]: document(item["PolicyDocument"]) for item in items}


def _attached(item: Json) -> list[str]:
    return [policy["PolicyArn"] for policy in item["AttachedManagedPolicies"]]


def _versions(item: Json) -> dict[str, Document]:
    return {version["VersionId"]: document(version["Document"]) for version in item["PolicyVersionList"]}


def _last_used(item: Json) -> str | None:
    used = item["RoleLastUsed"].get("LastUsedDate")
    return None if used is None else as_text(used)
