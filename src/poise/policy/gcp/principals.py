"""Principals of Google Cloud, and whether a member of a policy names one.

Source: IAM documentation, "Principal identifiers" (those of allow policies and of deny and boundary policies);
REST reference of DenyRule. Addresses are compared without case. `allAuthenticatedUsers` are Google accounts and
service accounts, not identities of a pool. A deleted principal matches nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from poise.policy.memberships import Circle, Memberships
from poise.policy.residual import Form, Residual, Truth, any_of

ANYONE = "allUsers"
ANY_ACCOUNT = "allAuthenticatedUsers"
PUBLIC = frozenset({ANYONE, ANY_ACCOUNT})
ALL = "principalSet://goog/public:all"
SUBJECT = "principal://goog/subject/"
SERVICE_ACCOUNT = "principal://iam.googleapis.com/projects/-/serviceaccounts/"
GROUP = "principalset://goog/group/"
CUSTOMER = "principalset://goog/cloudidentitycustomerid/"
POOLS = "principalset://iam.googleapis.com/"
"""Beginning of the sets of identities of workload and workforce pools."""
ALL_SERVICE_ACCOUNTS = "/type/serviceaccount"
"""End of the sets of all service accounts of a project, folder or organization."""
CONSUMER_DOMAINS = frozenset({"gmail.com", "googlemail.com"})
TYPES = {"user": "iam.googleapis.com/WorkspaceIdentity", "serviceaccount": "iam.googleapis.com/ServiceAccount"}
"""Kinds of principals, as conditions of boundary bindings name them."""
CONVENIENCE = {"projectowner": "roles/owner", "projecteditor": "roles/editor", "projectviewer": "roles/viewer"}


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks."""

    member: str
    """`user:`, `serviceAccount:`, `principal://...`; `allUsers` for a stranger without account,
    `allAuthenticatedUsers` for one with some Google account."""
    domain: str | None = None
    """Primary domain of a user's organization; None: not known."""
    customer: str | None = None
    """Customer id of a user's organization; None: not known."""
    sets: frozenset[str] | None = None
    """`principalSet://` identifiers that it is in, groups left aside; None: not known, beyond what its kind tells."""


class Members(msgspec.Struct, frozen=True):
    """The members of a binding or rule, ready to be asked."""

    plain: frozenset[str]
    """Single principals and groups, in one form."""
    special: tuple[str, ...]
    """Whatever stands for many."""

    @classmethod
    def of(cls, written: Iterable[str]) -> Members:
        """Sort members; deleted ones are dropped."""
        ready = [canonical(one) for one in written if not one.lower().startswith("deleted:")]
        single = ("user:", "serviceaccount:", "group:", "principal://")
        return cls(
            frozenset(one for one in ready if one.startswith(single)),
            tuple(dict.fromkeys(one for one in ready if not one.startswith(single))),
        )


class Asker:
    """A principal with its groups: what members are compared with."""

    def __init__(self, principal: Principal, groups: Memberships) -> None:
        self.principal = principal
        self.name = canonical(principal.member)
        self.circle = Circle(self.name, groups)
        self.holds_basic: Callable[[str, str], Truth] = lambda project, role: False

    def attributes(self) -> dict[str, str]:
        """Return what bindings of boundaries ask about a principal."""
        kind, _, subject = self.name.partition(":")
        return {"principal.type": TYPES[kind], "principal.subject": subject} if kind in TYPES else {}

    def is_in(self, members: Members) -> Truth:
        """Say whether some member names the principal."""
        return any_of((self._single(members), *(self._special(one) for one in members.special)))

    def _single(self, members: Members) -> Truth:
        known = self.circle.known
        named = [name for name in known if name in members.plain]
        truth = any_of(self.circle.holds(name) for name in named)
        if truth is True or not self.circle.gaps:
            return truth
        groups = sorted(one for one in members.plain if one.startswith("group:") and one not in known)
        return any_of((truth, *(self.circle.holds(name) for name in groups)))

    def _special(self, member: str) -> Truth:
        kind, _, rest = member.partition(":")
        if member in ("allusers", ALL.lower()):
            return True
        if member == "allauthenticatedusers":
            return self.name.startswith(("user:", "serviceaccount:", "allauthenticatedusers"))
        if kind == "domain":
            return self._domain(rest)
        if kind in CONVENIENCE:
            return self.holds_basic(rest, CONVENIENCE[kind])
        return self._set(member) if kind == "principalset" else False

    def _domain(self, domain: str) -> Truth:
        if not self.name.startswith("user:"):
            return False
        known = self.principal.domain
        mine = self.name.rpartition("@")[2]
        if known is not None:
            return known.lower() == domain
        if mine == domain:
            return True
        return False if mine in CONSUMER_DOMAINS else _gap("organization of the account", f"{self.name} ({domain})")

    def _set(self, member: str) -> Truth:
        if member.startswith(CUSTOMER):
            known = self.principal.customer
            if known is not None or not self.name.startswith("user:"):
                return known is not None and known.lower() == member.removeprefix(CUSTOMER)
            return _gap("organization of the account", f"{self.name} ({member})")
        pool = member.rpartition("/*")[0] if member.endswith("/*") else ""
        if pool:
            return self.name.startswith("principal:" + pool.removeprefix("principalset:") + "/")
        sets = self.principal.sets
        if sets is None:
            if not self._can_be_in(member):
                return False
            return _gap("sets of principals", f"{self.name} ({member})")
        return member in {canonical(one) for one in sets}

    def _can_be_in(self, member: str) -> bool:
        """Say whether one of its kind can be in a set: of service accounts, of a pool, of people, or of all of them."""
        if member.endswith(ALL_SERVICE_ACCOUNTS):
            return self.name.startswith("serviceaccount:")
        if member.startswith(POOLS):
            pool = member.partition("/attribute")[0].partition("/group/")[0]
            return self.name.startswith(f"principal:{pool.removeprefix('principalset:')}/")
        return not self.name.startswith(("allusers", "allauthenticatedusers"))


def canonical(member: str) -> str:
    """Return a member in one form, whichever policy it stands in."""
    lower = member.strip().lower()
    for prefix, kind in ((SUBJECT, "user:"), (SERVICE_ACCOUNT, "serviceaccount:"), (GROUP, "group:")):
        if lower.startswith(prefix):
            return kind + lower.removeprefix(prefix)
    return lower


def _gap(name: str, about: str) -> Residual:
    return Residual(Form.UNREAD, f"{name}: {about}", "it is not said", ("member", about))
