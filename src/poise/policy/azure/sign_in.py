"""What stands between a principal and a token: the conditional access policies that are about its sign-in.

A right is used with a token, and a token is given after a sign-in. Every enabled policy that is about the sign-in must
be satisfied; one that blocks is final. A managed identity, and a program that serves several tenants, is outside of all
of them (Microsoft Learn, "Conditional Access for workload identities"). A group signs in nowhere: its members do.

Not judged, because no call tells it: security defaults, per-user multifactor authentication, and the second factor that
Microsoft itself asks of people in its portals and tools.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping

import msgspec

from poise.policy.answer import Reason, Unread
from poise.policy.azure.access_policies import EVERYBODY, GUESTS, OWN_PROGRAMS, AccessPolicy, Crowd
from poise.policy.memberships import Circle
from poise.policy.residual import Form, Residual, Truth, all_of, any_of, condition, negate

MANAGEMENT = "797f4846-ba00-4fd7-ba43-dac1f8f63013"
"""Windows Azure Service Management API: Azure Resource Manager, its portal and tools."""
VAULTS = "cfa8b339-82a2-471a-a3c9-0fc0be7a4093"
STORAGE = "e406a681-f3d4-42a8-90b6-c2b029497af1"
DIRECTORY = "00000003-0000-0000-c000-000000000000"
"""Microsoft Graph."""
DATA = {"microsoft.keyvault/": VAULTS, "microsoft.storage/": STORAGE}
"""Beginning of a data action -> the application that a token for it is asked of."""
OF_POLICIES = "conditional access policies"


class Kind(enum.StrEnum):
    """Who is asked for what."""

    PERSON = "person"
    PROGRAM = "program"
    """A program of this tenant that serves no other: policies may be about it."""
    UNASKED = "unasked"
    """A managed identity, or a program that serves several tenants: no policy is about it."""


class Signer(msgspec.Struct, frozen=True):
    """Somebody who signs in."""

    kind: Kind
    is_outsider: bool | Unread = False
    """Whether a person is a guest or comes from another tenant; of a program, whether it serves other tenants too."""
    is_enabled: bool | Unread = True
    """Whether it may sign in at all."""


class SignIn:
    """What a directory asks of sign-ins; answers are kept by who and where to."""

    def __init__(
        self,
        policies: tuple[AccessPolicy, ...] | Unread,
        signers: Mapping[str, Signer],
        roles: Mapping[str, frozenset[str]] | Unread,
        unlisted: Unread | None = None,
    ) -> None:
        """Take enabled policies, who signs in by object id, and template id of a role -> who holds it on the tenant.

        ``unlisted`` says why some who sign in may not be among them; None if all are.
        """
        self._policies = policies
        self._signers = signers
        self._roles = roles
        self._unlisted = unlisted
        self._known: dict[tuple[str, str], tuple[tuple[Truth, Reason], ...]] = {}

    def blocks(self, who: str, circle: Circle, application: str) -> tuple[tuple[Truth, Reason], ...]:
        """Return the policies that keep a principal from a token for an application, each with when it does."""
        if (who, application) not in self._known:
            self._known[who, application] = tuple(self._blocks(who, circle, application))
        return self._known[who, application]

    def _blocks(self, who: str, circle: Circle, application: str) -> Iterator[tuple[Truth, Reason]]:
        signer = self._signers.get(who)
        if signer is None:
            if self._unlisted is not None:
                yield _gap(self._unlisted)
            return
        if isinstance(signer.is_enabled, Unread):
            yield _gap(signer.is_enabled)
        elif not signer.is_enabled:
            yield True, Reason(f"{who} may not sign in: the account is switched off", source=who)
        if signer.kind is Kind.UNASKED:
            return
        if isinstance(self._policies, Unread):
            yield _gap(self._policies)
            return
        for policy in self._policies:
            truth = all_of(self._demands(policy, who, signer, circle, application))
            if truth is not False:
                yield truth, Reason(f"conditional access policy {policy.name}", source=policy.id)

    def _demands(
        self, policy: AccessPolicy, who: str, signer: Signer, circle: Circle, application: str
    ) -> Iterator[Truth]:
        """Yield what must all be true for a policy to keep the token back."""
        yield policy.is_about(application)
        yield policy.circumstances
        yield negate(policy.fulfilled)
        if signer.kind is Kind.PROGRAM:
            yield _is_program_meant(policy, who, signer)
        else:
            yield self._is_meant(policy, who, signer, circle)

    def _is_meant(self, policy: AccessPolicy, who: str, signer: Signer, circle: Circle) -> Truth:
        included = self._is_among(policy.included, who, signer, circle)
        return all_of((included, negate(self._is_among(policy.excluded, who, signer, circle))))

    def _is_among(self, crowd: Crowd, who: str, signer: Signer, circle: Circle) -> Truth:
        if EVERYBODY in crowd.names or who in crowd.names:
            return True
        parts: list[Truth] = [circle.holds(group) for group in sorted(crowd.groups)]
        parts += [self._holds(role, circle) for role in sorted(crowd.roles)]
        if GUESTS in crowd.names:
            parts.append(_outsider(who, signer))
        if crowd.outsiders:
            kinds = condition(f"{who} is an external user of a named kind and tenant", ("sign-in", "guests", who))
            parts.append(all_of((_outsider(who, signer), kinds)))
        return any_of(parts)

    def _holds(self, role: str, circle: Circle) -> Truth:
        if isinstance(self._roles, Unread):
            return Residual(Form.UNREAD, f"{self._roles.input} ({role})", self._roles.reason, "deny")
        return any_of(circle.holds(holder) for holder in sorted(self._roles.get(role, ())))


def application_of(action: str, *, is_data: bool) -> str:
    """Return the application that a token is asked of for an action, given in lower case; `all`: it is not known."""
    if not is_data:
        return MANAGEMENT
    return next((found for start, found in DATA.items() if action.startswith(start)), EVERYBODY)


def _gap(gap: Unread) -> tuple[Truth, Reason]:
    leaf = Residual(Form.UNREAD, gap.input, gap.reason, "deny")
    return leaf, Reason(f"{gap.input} not read: {gap.reason}", source=gap.input)


def _is_program_meant(policy: AccessPolicy, who: str, signer: Signer) -> Truth:
    if not policy.programs & {OWN_PROGRAMS, who} or policy.spared_programs & {OWN_PROGRAMS, who}:
        return False
    told = _outsider(who, signer)
    return told if isinstance(told, Residual) else not told


def _outsider(who: str, signer: Signer) -> Truth:
    told = signer.is_outsider
    return Residual(Form.UNREAD, f"{told.input} ({who})", told.reason, "deny") if isinstance(told, Unread) else told
