"""Reads AWS Organizations: the tree of units and accounts, service control and resource control policies.

Only the management account, and accounts that administration is delegated to, are answered. For any other member
the lists are not offered, and what judges by them says that they were not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.aws.reading.reader import AwsReader, tags_of
from poise.collect.aws.reading.spread import all_pages, listed_each
from poise.collect.documents import policy_document
from poise.collect.facts import Facts, Piece, failed, listed
from poise.model.asset import Json
from poise.model.aws.organizations import (
    Organization,
    OrganizationAccount,
    OrganizationalUnit,
    OrganizationPolicy,
)
from poise.model.errors import NotRead
from poise.model.listing import Listing, ListingState, Read

PER_REGION = False
KINDS = (Organization, OrganizationalUnit, OrganizationAccount, OrganizationPolicy)
POLICY_TYPES = ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY")


def _same(name: str, *feeds: str) -> Read:
    return Read(f"organizations:{name}", f"organizations:{name}", feeds)


READS = (
    _same("DescribeOrganization", "Organization"),
    _same("ListRoots", "Organization.root", "Organization.policy_types"),
    _same("ListOrganizationalUnitsForParent", "OrganizationalUnit"),
    _same("ListAccountsForParent", "OrganizationAccount"),
    _same("ListPolicies", "OrganizationPolicy"),
    _same("DescribePolicy", "OrganizationPolicy.document"),
    _same("ListTargetsForPolicy", "OrganizationPolicy.targets"),
    _same(
        "ListTagsForResource",
        *("OrganizationalUnit.tags", "OrganizationAccount.tags", "OrganizationPolicy.tags"),
    ),
)
NOT_IN_USE = "AWSOrganizationsNotInUseException"


def collect(reader: AwsReader) -> Iterator[Piece]:
    """Yield the organization, its units, accounts and policies, each kind followed by the state of its listing."""
    try:
        organization = reader.get("organizations", "DescribeOrganization")["Organization"]
        roots = list(reader.pages("organizations", "ListRoots", "Roots"))
    except NotRead as problem:
        yield from _without(reader, problem)
        return
    yield from listed(Organization, [organization], partial(_organization, reader, roots))
    tree = _Tree(reader, [root["Id"] for root in roots])
    yield from listed_each(reader, OrganizationalUnit, tree.units(), partial(_unit, reader))
    yield from listed_each(reader, OrganizationAccount, tree.accounts(), partial(_account, reader))
    switched = [kind for kind in POLICY_TYPES if kind in _enabled(roots)]
    yield from listed_each(reader, OrganizationPolicy, _policies(reader, switched), partial(_policy, reader))


def _without(reader: AwsReader, problem: NotRead) -> Iterator[Piece]:
    """Yield that there is no organization, or that this account is not answered about it."""
    if problem.code == NOT_IN_USE:
        yield from (Listing(kind.KIND, ListingState.COMPLETE) for kind in KINDS)
    elif problem.is_denied and problem.call == "organizations:ListRoots":
        text = "kept for the management account of the organization, and accounts that administration is delegated to"
        yield from failed(KINDS, NotRead(problem.call, "not_offered", text))
    else:
        yield from failed(KINDS, problem)


class _Tree:
    """The units below a root, each list call made once."""

    def __init__(self, reader: AwsReader, roots: list[str]) -> None:
        self._reader = reader
        self._parents = list(roots)
        self._problem: NotRead | None = None

    def units(self) -> Iterator[Json]:
        """Yield every unit with the id of its parent, from the root down."""
        for parent in self._parents:  # It grows while it is walked.
            try:
                found = list(
                    self._reader.pages(
                        "organizations", "ListOrganizationalUnitsForParent", "OrganizationalUnits", ParentId=parent
                    )
                )
            except NotRead as problem:
                self._problem = problem
                raise
            self._parents += [unit["Id"] for unit in found]
            yield from (unit | {"Parent": parent} for unit in found)

    def accounts(self) -> Iterator[Json]:
        """Yield every account with the id of its parent; fails where not every unit is known."""
        for parent in self._parents:
            pages = self._reader.pages("organizations", "ListAccountsForParent", "Accounts", ParentId=parent)
            yield from (account | {"Parent": parent} for account in pages)
        if self._problem is not None:
            raise self._problem


def _enabled(roots: list[Json]) -> list[str]:
    return [kind["Type"] for root in roots for kind in root["PolicyTypes"] if kind["Status"] == "ENABLED"]


def _organization(reader: AwsReader, roots: list[Json], item: Json) -> list[Piece]:
    facts = Facts(Organization)
    facts.pick(
        "organizations:DescribeOrganization",
        item,
        organization_id="Id",
        management_account="MasterAccountId",
        feature_set="FeatureSet",
    )
    facts.pick("organizations:ListRoots", roots, root=lambda found: found[0]["Id"], policy_types=_enabled)
    facts.set(tags={})
    return list(facts.finish(id=item["Arn"], name=item["Id"], scope=reader.account, region="global"))


def _unit(reader: AwsReader, item: Json) -> list[Piece]:
    facts = Facts(OrganizationalUnit)
    facts.pick("organizations:ListOrganizationalUnitsForParent", item, unit_id="Id", parent="Parent")
    _read_tags(facts, reader, item["Id"])
    return list(facts.finish(id=item["Arn"], name=item["Name"], scope=reader.account, region="global"))


def _account(reader: AwsReader, item: Json) -> list[Piece]:
    facts = Facts(OrganizationAccount)
    facts.pick(
        "organizations:ListAccountsForParent",
        {key: value for key, value in item.items() if key != "Email"},
        account="Id",
        parent="Parent",
        status="Status",
        joined="JoinedMethod",
    )
    _read_tags(facts, reader, item["Id"])
    return list(facts.finish(id=item["Arn"], name=item["Name"], scope=reader.account, region="global"))


def _policies(reader: AwsReader, kinds: list[str]) -> Iterator[Json]:
    for kind in kinds:
        yield from reader.pages("organizations", "ListPolicies", "Policies", Filter=kind)


def _policy(reader: AwsReader, item: Json) -> list[Piece]:
    facts = Facts(OrganizationPolicy)
    facts.pick("organizations:ListPolicies", item, type="Type", aws_managed="AwsManaged")
    facts.read(
        partial(reader.get, "organizations", "DescribePolicy", PolicyId=item["Id"]),
        document=lambda answer: policy_document(answer["Policy"]["Content"]),
    )
    facts.read(
        partial(all_pages(reader), "organizations", "ListTargetsForPolicy", "Targets", PolicyId=item["Id"]),
        targets=lambda found: [target["TargetId"] for target in found],
    )
    if item["AwsManaged"]:
        facts.set(tags={})
    else:
        _read_tags(facts, reader, item["Id"])
    return list(facts.finish(id=item["Arn"], name=item["Name"], scope=reader.account, region="global"))


def _read_tags(
    facts: Facts[OrganizationalUnit] | Facts[OrganizationAccount] | Facts[OrganizationPolicy],
    reader: AwsReader,
    id: str,
) -> None:
    read = partial(all_pages(reader), "organizations", "ListTagsForResource", "Tags", ResourceId=id)
    facts.read(read, tags=tags_of)
