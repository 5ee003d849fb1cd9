"""Roles and bindings, read from manifests or from the API server.

Source: Kubernetes documentation, "Using RBAC Authorization"; API reference rbac.authorization.k8s.io/v1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

CLUSTER_ROLE = "ClusterRole"
SERVICE_ACCOUNT = "system:serviceaccount:"


class Rule(msgspec.Struct, frozen=True):
    """One rule of a role: verbs on resources of API groups, or on paths."""

    verbs: frozenset[str]
    groups: frozenset[str] = frozenset()
    resources: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    """Names of the only objects meant; empty: all."""
    paths: frozenset[str] = frozenset()


class Selector(msgspec.Struct, frozen=True):
    """A label selector."""

    labels: tuple[tuple[str, str], ...]
    expressions: tuple[tuple[str, str, frozenset[str]], ...]
    """Key, operator, values."""

    def selects(self, labels: Mapping[str, str]) -> bool:
        """Say whether it selects an object with these labels; an empty selector selects all."""
        if any(labels.get(key) != value for key, value in self.labels):
            return False
        return all(_meets(labels.get(key), operator, values) for key, operator, values in self.expressions)


class Role(msgspec.Struct, frozen=True):
    """A role of a namespace, or of the cluster."""

    name: str
    namespace: str
    """Empty for a role of the cluster."""
    rules: tuple[Rule, ...]
    labels: Mapping[str, str]
    aggregates: tuple[Selector, ...] = ()
    """Selectors of the roles whose rules become its own."""

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Role:
        """Read a `Role` or `ClusterRole`."""
        meta = _map(document.get("metadata"))
        is_cluster = document.get("kind") == CLUSTER_ROLE
        selectors = _maps(_map(document.get("aggregationRule")).get("clusterRoleSelectors")) if is_cluster else []
        return cls(
            str(meta.get("name") or ""),
            "" if is_cluster else str(meta.get("namespace") or "default"),
            tuple(map(_rule, _maps(document.get("rules")))),
            {str(key): str(value) for key, value in _map(meta.get("labels")).items()},
            tuple(map(_selector, selectors)),
        )


class Binding(msgspec.Struct, frozen=True):
    """A role given to subjects, in a namespace or in all of the cluster."""

    name: str
    namespace: str
    """Empty for a binding of the cluster."""
    role: str
    role_is_of_cluster: bool
    users: frozenset[str]
    """Users, and service accounts as the users that they are: `system:serviceaccount:ns:name`."""
    groups: frozenset[str]

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Binding:
        """Read a `RoleBinding` or `ClusterRoleBinding`."""
        meta, ref = _map(document.get("metadata")), _map(document.get("roleRef"))
        namespace = "" if document.get("kind") == "ClusterRoleBinding" else str(meta.get("namespace") or "default")
        subjects = _maps(document.get("subjects"))
        users = {str(one.get("name")) for one in subjects if one.get("kind") == "User"}
        accounts = {_account(one, namespace) for one in subjects if one.get("kind") == "ServiceAccount"}
        return cls(
            str(meta.get("name") or ""),
            namespace,
            str(ref.get("name") or ""),
            ref.get("kind") == CLUSTER_ROLE,
            frozenset(users | accounts - {""}),
            frozenset(str(one.get("name")) for one in subjects if one.get("kind") == "Group"),
        )


class Bindings(msgspec.Struct, frozen=True):
    """Bindings, found by whom they name."""

    every: tuple[Binding, ...]
    by_user: Mapping[str, tuple[int, ...]]
    by_group: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, every: Iterable[Binding]) -> Bindings:
        """Sort bindings by users and groups, once for all questions."""
        ones = tuple(every)
        users: dict[str, list[int]] = {}
        groups: dict[str, list[int]] = {}
        for at, one in enumerate(ones):
            for name in one.users:
                users.setdefault(name, []).append(at)
            for name in one.groups:
                groups.setdefault(name, []).append(at)
        return cls(ones, {n: tuple(p) for n, p in users.items()}, {n: tuple(p) for n, p in groups.items()})

    def naming(self, user: str, groups: Iterable[str]) -> Iterator[Binding]:
        """Yield the bindings that name a user or one of its groups, in their order."""
        places = set(self.by_user.get(user, ()))
        places.update(place for group in groups for place in self.by_group.get(group, ()))
        return (self.every[place] for place in sorted(places))


def flat(documents: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return documents with the lists among them taken apart."""
    found: list[Mapping[str, Any]] = []
    for one in documents:
        is_list = str(one.get("kind") or "").endswith("List") and isinstance(one.get("items"), list)
        kind = str(one.get("kind") or "").removesuffix("List")
        found += [{"kind": kind, **item} for item in _maps(one["items"])] if is_list else [one]
    return found


def _account(subject: Mapping[str, Any], namespace: str) -> str:
    """Return the user that a service account is; a binding of the cluster must name the namespace."""
    inside = str(subject.get("namespace") or namespace)
    return f"{SERVICE_ACCOUNT}{inside}:{subject.get('name')}" if inside else ""


def _rule(written: Mapping[str, Any]) -> Rule:
    fields = ("verbs", "apiGroups", "resources", "resourceNames", "nonResourceURLs")
    return Rule(*(frozenset(_texts(written.get(field))) for field in fields))


def _selector(written: Mapping[str, Any]) -> Selector:
    labels = tuple((str(key), str(value)) for key, value in _map(written.get("matchLabels")).items())
    expressions = tuple(
        (str(one.get("key")), str(one.get("operator")), frozenset(_texts(one.get("values"))))
        for one in _maps(written.get("matchExpressions"))
    )
    return Selector(labels, expressions)


def _meets(value: str | None, operator: str, values: frozenset[str]) -> bool:
    if operator == "Exists":
        return value is not None
    if operator == "DoesNotExist":
        return value is None
    if operator == "In":
        return value in values
    return operator == "NotIn" and value not in values


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _maps(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, (list, tuple)) else []


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, (list, tuple)) else []
