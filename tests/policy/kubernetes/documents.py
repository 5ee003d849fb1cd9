"""Manifests of roles and bindings, in short."""

from poise.policy.kubernetes.permissions import Inputs, Request, Subject, can

RBAC = "rbac.authorization.k8s.io"
BOT = Subject.of_service_account("web", "bot")


def rule(verbs, resources="", groups="", names="", paths=""):
    return {
        "verbs": verbs.split(),
        "apiGroups": groups.split(",") if resources else [],
        "resources": resources.split(),
        "resourceNames": names.split(),
        "nonResourceURLs": paths.split(),
    }


def cluster_role(name, *rules, labels=None, select=None):
    found = {"kind": "ClusterRole", "metadata": {"name": name, "labels": labels or {}}, "rules": list(rules)}
    return found | {"aggregationRule": {"clusterRoleSelectors": select}} if select is not None else found


def role(name, *rules, namespace="web"):
    return {"kind": "Role", "metadata": {"name": name, "namespace": namespace}, "rules": list(rules)}


def binding(role_name, *subjects, namespace="", of_cluster=True):
    return {
        "kind": "RoleBinding" if namespace else "ClusterRoleBinding",
        "metadata": {"name": f"{role_name}-binding", "namespace": namespace},
        "roleRef": {"kind": "ClusterRole" if of_cluster else "Role", "name": role_name},
        "subjects": list(subjects or [account()]),
    }


def account(name="bot", namespace="web"):
    return {"kind": "ServiceAccount", "name": name, "namespace": namespace}


def user(name):
    return {"kind": "User", "name": name}


def group(name):
    return {"kind": "Group", "name": name}


def decide(documents, verb, resource="", who=BOT, others=(), **more):
    return can(who, Request(verb=verb, resource=resource, **more), Inputs.of(documents, others)).decision
