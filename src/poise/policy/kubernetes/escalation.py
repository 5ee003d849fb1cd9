"""Escalations in a cluster, from a catalogue of data. A permission is `verb resource/subresource.group`."""

from __future__ import annotations

from poise.policy.answer import Answer
from poise.policy.catalogue import Escalation, Found, escalations, read_catalogue
from poise.policy.kubernetes.permissions import Inputs, Request, Subject, can

FOLDER = "poise.policy.kubernetes.escalations"
OF_CLUSTER = frozenset(
    {
        *("nodes", "persistentvolumes", "clusterroles", "clusterrolebindings", "certificatesigningrequests", "signers"),
        *("mutatingwebhookconfigurations", "validatingwebhookconfigurations", "users", "groups"),
    }
)
"""Resources without a namespace: a binding of a namespace does not reach them."""
BIND = "bind"
"""Asked in the namespace of the binding that is made, also about roles of the cluster."""


def catalogue() -> tuple[Escalation, ...]:
    """Return all rows, by id."""
    return read_catalogue(FOLDER)


def request_of(permission: str, namespace: str = "") -> Request:
    """Read a permission such as `create pods/exec` or `bind clusterroles.rbac.authorization.k8s.io`."""
    verb, _, rest = permission.partition(" ")
    main, slash, sub = rest.partition("/")
    resource, _, group = main.partition(".")
    inside = "" if resource in OF_CLUSTER and verb != BIND else namespace
    return Request(verb=verb, resource=f"{resource}{slash}{sub}", group=group, namespace=inside)


def escalations_for(subject: Subject, inputs: Inputs, namespace: str = "") -> tuple[Found, ...]:
    """Return the escalations of a subject in a namespace; empty: in all namespaces and on the cluster itself."""

    def may(permission: str) -> Answer:
        return can(subject, request_of(permission, namespace), inputs)

    return tuple(escalations(may, catalogue()))
