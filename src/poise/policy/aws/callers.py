"""Who makes a request, and how a resource policy names it: directly, by its role, or by its account.

Source: IAM User Guide, "How AWS enforcement code logic evaluates requests": a grant to a user, a session or
to everyone is final in the own account; a grant to a role is limited by boundary and session policies; a
grant to an account hands the decision to the identity policies there.
"""

from __future__ import annotations

import enum

import msgspec

from poise.model.errors import BadInput
from poise.policy.aws.document import Statement
from poise.policy.aws.matching import Some
from poise.policy.aws.principals import Principal, Principals, Who, parse_principals
from poise.policy.residual import Truth, any_of, condition, negate


class CallerKind(enum.StrEnum):
    """The kinds of callers, by the value of `aws:PrincipalType` where there is one."""

    USER = "User"
    ROLE = "AssumedRole"
    """A role session; a role stands for any of its sessions."""
    FEDERATED_USER = "FederatedUser"
    ROOT = "Account"
    ANONYMOUS = "Anonymous"
    SERVICE = "Service"
    """An AWS service itself."""
    IDENTITY_PROVIDER = "IdentityProvider"
    """A person or workload with a token of a SAML or OpenID Connect provider, before it has a role."""


class Link(enum.IntEnum):
    """How a statement names a caller, strongest first."""

    DIRECT = 0
    ROLE = 1
    ACCOUNT = 2


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Who makes a request."""

    kind: CallerKind
    arn: str
    """ARN of the user, role, session or root; name of a service; ARN or name of a provider."""
    account: str = ""
    """Account; empty for services, providers and anonymous callers."""
    role: str = ""
    """ARN of the role, path included, for roles and sessions."""
    is_service_linked: bool = False
    """Whether the role is linked to a service, so that no guardrail acts on it."""

    @classmethod
    def of(cls, arn: str, *, role: str = "", is_service_linked: bool = False) -> Caller:
        """Make a caller from an ARN; for a session of a role with a path give the ARN of the role too."""
        (one,) = parse_principals({"AWS": arn}).members or (None,)
        if one is None or one.who not in (Who.ACCOUNT, Who.PRINCIPAL):
            raise BadInput(f"{arn[:200]!r} is not the ARN of a principal;", "expected a user, role or session")
        if one.who is Who.ACCOUNT:
            return cls(kind=CallerKind.ROOT, arn=arn, account=one.account)
        kind, role_arn = _kind(arn)
        linked = is_service_linked or ":role/aws-service-role/" in (role or role_arn)
        return cls(kind=kind, arn=arn, account=one.account, role=role or role_arn, is_service_linked=linked)

    @classmethod
    def anonymous(cls) -> Caller:
        """Return the caller that signs nothing."""
        return cls(kind=CallerKind.ANONYMOUS, arn="")

    @classmethod
    def service(cls, name: str) -> Caller:
        """Return a service as caller, by its principal name."""
        return cls(kind=CallerKind.SERVICE, arn=name.lower())

    @classmethod
    def provider(cls, arn: str) -> Caller:
        """Return the holder of a token of an identity provider."""
        return cls(kind=CallerKind.IDENTITY_PROVIDER, arn=arn)

    @property
    def has_identity(self) -> bool:
        """Whether it has policies of its own."""
        return bool(self.account)

    def facts(self) -> dict[str, str | None]:
        """Return the condition keys that follow from who it is; None: known to be missing."""
        if self.kind is CallerKind.SERVICE:
            named = {"aws:principalisawsservice": "true", "aws:principalservicename": self.arn}
            return {**named, "aws:username": None}
        name = self.arn.rpartition("/")[2] if self.kind is CallerKind.USER else None
        known: dict[str, str | None] = {
            "aws:principalisawsservice": "false",
            "aws:principaltype": self.kind.value,
            "aws:principalarn": self.role or self.arn or None,
            "aws:principalaccount": self.account or None,
            "aws:username": name,
        }
        absent = ("servicename", "servicenameslist")
        known |= dict.fromkeys((f"aws:principal{part}" for part in absent), None)
        known |= dict.fromkeys(("aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid"), None)
        if self.kind is CallerKind.IDENTITY_PROVIDER:
            known.pop("aws:principaltype")
        return known


def links(statement: Statement, caller: Caller) -> dict[Link, Truth]:
    """Say how an Allow of a resource policy names a caller."""
    if statement.not_principals is not None:
        return {Link.DIRECT: negate(_is_listed(statement.not_principals, caller))}
    found: dict[Link, Truth] = {}
    for one in statement.principals.members if statement.principals else ():
        link, about = _link(one, caller)
        if about is not False:
            found[link] = any_of((found.get(link, False), about))
    return found


def denies(statement: Statement, caller: Caller) -> Truth:
    """Say whether a Deny of a resource policy is about a caller.

    A `NotPrincipal` spares a caller for sure only if both the caller and its account are listed: AWS may check the
    account first, then who asks (IAM User Guide, "NotPrincipal": in its example the account is listed beside one
    user, and every other user of the account is denied). What an account that is listed alone spares is not told.
    """
    if statement.not_principals is None:
        return any_of(links(statement, caller).values())
    members = statement.not_principals.members
    listed = _is_listed(statement.not_principals, caller)
    if listed is False or statement.not_principals.includes_anyone or not caller.account:
        return negate(listed)
    if caller.account not in {one.account for one in members if one.who is Who.ACCOUNT}:
        text = f"AWS checks account {caller.account} first, which NotPrincipal of {statement.place} does not list"
        return any_of((negate(listed), condition(text, Some("order", statement.place))))
    if caller.kind is CallerKind.ROOT:
        return negate(listed)
    itself = any_of(_link(one, caller)[1] for one in members if one.who is not Who.ACCOUNT)
    if itself is not False:
        return negate(itself)
    if any(one.who is Who.PRINCIPAL and f":{caller.account}:" in one.text for one in members):
        return True
    text = f"NotPrincipal of {statement.place} lists account {caller.account} alone, and AWS may check the caller too"
    return condition(text, Some("order", statement.place))


def _kind(arn: str) -> tuple[CallerKind, str]:
    _, partition, service, _, account, path = arn.split(":", 5)
    kind, _, name = path.partition("/")
    if service == "iam" and kind == "role":
        return CallerKind.ROLE, arn
    if service == "sts" and kind == "assumed-role":
        return CallerKind.ROLE, f"arn:{partition}:iam::{account}:role/{name.rpartition('/')[0]}"
    if service == "sts" and kind == "federated-user":
        return CallerKind.FEDERATED_USER, ""
    if service == "iam" and kind == "user":
        return CallerKind.USER, ""
    raise BadInput(f"{arn[:200]!r} is not the ARN of a principal;", "expected a user, role or session")


def _is_listed(principals: Principals, caller: Caller) -> Truth:
    """Say whether the caller itself, its role or everyone is listed; its account alone lists all of it."""
    return any_of(_link(one, caller)[1] for one in principals.members)


def _link(one: Principal, caller: Caller) -> tuple[Link, Truth]:
    if one.who is Who.ANYONE:
        return Link.DIRECT, True
    if one.who is Who.ACCOUNT:
        return Link.ACCOUNT, bool(caller.account) and one.account == caller.account
    if one.who is Who.PRINCIPAL:
        return _named(one, caller)
    by_kind = {Who.SERVICE: CallerKind.SERVICE, Who.FEDERATED: CallerKind.IDENTITY_PROVIDER}
    if by_kind.get(one.who) is caller.kind:
        return Link.DIRECT, one.text == caller.arn
    if one.who is Who.CANONICAL and caller.has_identity:
        return Link.ACCOUNT, condition(f"{caller.account} has canonical id {one.text}", Some("account", one.text))
    return Link.DIRECT, False


def _named(one: Principal, caller: Caller) -> tuple[Link, Truth]:
    if one.text == caller.arn and caller.kind is not CallerKind.ROLE:
        return Link.DIRECT, True
    if caller.kind is CallerKind.FEDERATED_USER:
        user = caller.arn.replace(":sts:", ":iam:").replace(":federated-user/", ":user/")
        return Link.ROLE, one.text == user
    if caller.kind is not CallerKind.ROLE:
        return Link.DIRECT, False
    if one.text == caller.role:
        return Link.ROLE, True
    return Link.DIRECT, _is_session(one.text, caller)


def _is_session(text: str, caller: Caller) -> Truth:
    if text == caller.arn:
        return True
    prefix = f":sts::{caller.account}:assumed-role/{caller.role.rpartition('/')[2]}/"
    if caller.arn == caller.role and prefix in text:
        return condition(f"the session is {text}", Some("session", text))
    return False
