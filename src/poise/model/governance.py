"""Governance: rules that say who owns a finding and by when it is due, and what was assigned. Times are UTC.

Rules name no other rules, so there can be no cycle among them.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from datetime import datetime

import msgspec

from poise.model.check import Category
from poise.model.verdict import Severity

ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
ADDRESS = re.compile(rf"{ATOM}(\.{ATOM})*@[\w-]+(\.[\w-]+)+")
"""Words with dots between them, then a domain: `dot-atom` of RFC 5322, 3.4.1."""
MOST_CHARACTERS = 254
"""Length of a mail address, RFC 5321."""


def is_address(text: str) -> bool:
    """Whether a text is a mail address that a message can be sent to."""
    return len(text) <= MOST_CHARACTERS and bool(ADDRESS.fullmatch(text))


class DueState(enum.StrEnum):
    """Where a finding stands."""

    UNASSIGNED = "unassigned"
    """Nobody owns it, and it is not due."""
    ON_TIME = "on_time"
    """Its due date is to come, or it has none."""
    OVERDUE = "overdue"
    """Its due date is past."""
    COMPLETED = "completed"
    """It is fixed."""


class CountedFrom(enum.StrEnum):
    """From when the days of a rule are counted."""

    FIRST_SEEN = "first_seen"
    """The day on which the finding was first seen, or came back."""
    ASSIGNED = "assigned"
    """The day on which the rule took it."""


class Overwrite(enum.StrEnum):
    """What a rerun of the rules may change of findings that are assigned already."""

    NOTHING = "nothing"
    """Only unassigned findings are filled."""
    RULES = "rules"
    """What rules have assigned is assigned anew; what people have assigned stays."""
    EVERYTHING = "everything"
    """What people have assigned too."""


class Place(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where findings lie. What is empty does not narrow; of one field any may hold, all fields must."""

    nodes: tuple[str, ...] = ()
    """Ids of organization nodes: everything in the scopes below."""
    accounts: tuple[str, ...] = ()
    """Accounts, subscriptions or projects."""
    tags: Mapping[str, str] = {}
    """Tags that the asset bears, all of them."""
    groups: tuple[str, ...] = ()
    """Names of groups of assets, or ids of resource groups."""
    assets: tuple[str, ...] = ()
    """Asset ids."""

    @property
    def is_everywhere(self) -> bool:
        """Whether nothing narrows it."""
        return not any(msgspec.structs.astuple(self))

    @property
    def is_of_organization(self) -> bool:
        """Whether it is the whole estate, or narrowed by organization nodes alone."""
        return not (self.accounts or self.tags or self.groups or self.assets)


class Condition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One set of conditions: all must hold; of one field any may. What is empty does not narrow."""

    severities: tuple[Severity, ...] = ()
    """Severity of the check."""
    risks: tuple[Severity, ...] = ()
    """Risk level of the finding."""
    checks: tuple[str, ...] = ()
    """Check ids, or beginnings of them: ``aws.s3``."""
    categories: tuple[Category, ...] = ()
    """What the recommendation is about."""
    providers: tuple[str, ...] = ()
    """Clouds."""
    kinds: tuple[str, ...] = ()
    """Kinds of assets, as the provider names them."""
    tags: Mapping[str, str] = {}
    """Tags that the asset bears, all of them."""


class OwnerSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who owns what a rule takes."""

    tag: str = ""
    """Key of the tag that holds an address: looked up on the asset, then on its group, then on its account."""
    address: str = ""
    """A fixed address; excludes ``tag``."""
    default: str = ""
    """Address for assets where no tag holds one; empty leaves the owner open."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule of governance."""

    name: str
    """What people call it; unique among those that are there."""
    priority: int
    """0 to 1000; the lowest wins."""
    scope: Place = Place()
    """Where it holds."""
    excluded: Place = Place()
    """Where it does not, though the scope holds; everywhere means nowhere."""
    conditions: tuple[Condition, ...] = ()
    """One of them must hold; with none, every finding is meant."""
    owner: OwnerSource = OwnerSource()
    days: int = 30
    """Days until a finding is due."""
    is_grace: bool = False
    """Whether findings leave the score alone until they are due."""
    counted_from: CountedFrom = CountedFrom.FIRST_SEEN
    notifies_owner: bool = True
    """Whether owners get a weekly mail of what is on time and overdue."""
    managers: tuple[str, ...] = ()
    """Addresses that get a weekly mail of what is overdue."""
    ticket: str = ""
    """Name of the channel in which each finding gets a ticket; empty for none."""
    is_enabled: bool = True
    origin: str = ""
    """The file that it comes from; empty for one that was added by hand."""

    @property
    def precedence(self) -> tuple[int, int, str]:
        """Order among rules: the least wins.

        Rules for the organization win over rules for accounts, tags and groups, then the lower priority wins; names
        decide between rules that cannot meet today, and may tomorrow.
        """
        return 0 if self.scope.is_of_organization else 1, self.priority, self.name


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What rules look at: a finding, its check and its asset."""

    check: str
    category: Category | None
    """None for a check that is not there any more."""
    severity: Severity
    risk: Severity
    provider: str
    kind: str
    asset: str
    account: str
    nodes: tuple[str, ...] = ()
    """Organization nodes above the account, root first."""
    tags: Mapping[str, str] = {}
    groups: tuple[str, ...] = ()
    """Groups that the asset is in."""
    group_tags: tuple[Mapping[str, str], ...] = ()
    """Tags of these groups, in the same order."""
    account_tags: Mapping[str, str] = {}


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """What was assigned to a finding."""

    owner: str
    """Address; empty if nobody could be found."""
    due: datetime | None
    """The last second of the day on which it is due."""
    is_grace: bool = False
    rule: str = ""
    """Name of the rule; empty if a person assigned it."""
    eta: datetime | None = None
    """When the owner expects it to be done. The due date stays."""
    justification: str = ""
    """Why it is expected then."""
    assigned_at: datetime
    assigned_by: str = ""


def due_state(assignment: Assignment | None, resolved_at: datetime | None, now: datetime) -> DueState:
    """Return where a finding stands at a moment."""
    if resolved_at is not None:
        return DueState.COMPLETED
    if assignment is None or not (assignment.owner or assignment.due):
        return DueState.UNASSIGNED
    return DueState.OVERDUE if assignment.due is not None and now > assignment.due else DueState.ON_TIME
