"""Ways to act as a service account, and what a machine's scopes leave of it.

Source: IAM documentation, "Service account impersonation" and "Roles for service account authentication"; Compute
Engine documentation, "Access scopes": scopes limit the tokens that a machine's metadata server gives out, nothing
else; keys and tokens made elsewhere are not limited.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator

import msgspec

from poise.policy.answer import Answer, Decision
from poise.policy.gcp.permissions import Inputs, Request, evaluate
from poise.policy.gcp.principals import Principal

SCOPE = "https://www.googleapis.com/auth/"
EVERYTHING = "cloud-platform"
READING = frozenset({"get", "list", "getIamPolicy"})
SCOPES: dict[str, tuple[str, frozenset[str] | None]] = {
    "devstorage.full_control": ("storage", None),
    "devstorage.read_write": ("storage", frozenset({"get", "list", "create", "update", "delete"})),
    "devstorage.read_only": ("storage", frozenset({"get", "list"})),
    "devstorage.write_only": ("storage", frozenset({"create"})),
    "compute": ("compute", None),
    "compute.readonly": ("compute", READING),
    "bigquery": ("bigquery", None),
    "pubsub": ("pubsub", None),
    "sqlservice.admin": ("cloudsql", None),
    "datastore": ("datastore", None),
    "cloudkms": ("cloudkms", None),
    "logging.write": ("logging", frozenset({"create"})),
    "monitoring.write": ("monitoring", frozenset({"create"})),
    "monitoring": ("monitoring", None),
    "source.full_control": ("source", None),
}
"""Scope -> service and the verbs that it lets pass; None: all."""


class Way(enum.StrEnum):
    """A way to act as a service account; the value is its permission on the account."""

    TOKEN = "iam.serviceAccounts.getAccessToken"  # noqa: S105  # permissions, not passwords
    IDENTITY_TOKEN = "iam.serviceAccounts.getOpenIdToken"  # noqa: S105
    SIGN_BLOB = "iam.serviceAccounts.signBlob"
    SIGN_JWT = "iam.serviceAccounts.signJwt"
    DELEGATION = "iam.serviceAccounts.implicitDelegation"
    """Through it to accounts that it may make tokens of."""
    KEY = "iam.serviceAccountKeys.create"
    POLICY = "iam.serviceAccounts.setIamPolicy"
    """It first gives itself one of the others."""
    ACT_AS = "iam.serviceAccounts.actAs"
    """Through a workload only: with a right to make or change one."""


class Impersonation(msgspec.Struct, frozen=True):
    """A way that is open, or may be."""

    way: Way
    answer: Answer


def ways_to_become(principal: Principal | str, inputs: Inputs) -> Iterator[Impersonation]:
    """Yield every way by which a principal can, or may, act as the service account that is the first node."""
    who = Principal(member=principal) if isinstance(principal, str) else principal
    for way in Way:
        answer = evaluate(Request(principal=who, permission=way.value), inputs)
        if answer.decision is not Decision.DENY:
            yield Impersonation(way, answer)


def scopes_allow(scopes: Iterable[str], permission: str) -> bool | None:
    """Say whether a token with these scopes can use a permission; None: a scope is not one that is known.

    Scopes are an upper limit: the service account must hold the permission too.
    """
    names = [scope.rstrip("/").removeprefix(SCOPE) for scope in scopes]
    if EVERYTHING in names:
        return True
    service, _, rest = permission.partition(".")
    verb = rest.rpartition(".")[2]
    for name in names:
        known = SCOPES.get(name)
        if known is not None and known[0] == service and (known[1] is None or verb in known[1]):
            return True
    return None if any(name not in SCOPES and name not in HARMLESS for name in names) else False


HARMLESS = frozenset(
    {
        *("userinfo.email", "service.management", "service.management.readonly", "servicecontrol"),
        *("trace.append", "taskqueue", "monitoring.read", "logging.read", "openid", "userinfo.profile"),
    }
)
"""Scopes that let no permission pass which an escalation needs."""


def workload_identity_member(project: str, namespace: str, name: str) -> str:
    """Return the member that a service account of a GKE cluster is in bindings."""
    return f"serviceAccount:{project}.svc.id.goog[{namespace}/{name}]"
