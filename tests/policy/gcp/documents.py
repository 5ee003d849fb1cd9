"""Policies as the APIs return them, in short."""

from poise.policy.gcp.permissions import Inputs, Request, evaluate
from poise.policy.gcp.policies import Node
from poise.policy.gcp.principals import Principal

ORGANIZATION = "//cloudresourcemanager.googleapis.com/organizations/1"
FOLDER = "//cloudresourcemanager.googleapis.com/folders/2"
PROJECT = "//cloudresourcemanager.googleapis.com/projects/shop"
BUCKET = "//storage.googleapis.com/projects/_/buckets/books"
ME = "user:ada@example.com"
ROBOT = "serviceAccount:robot@shop.iam.gserviceaccount.com"
GET = "storage.objects.get"
ROLES = {
    "roles/viewer": frozenset({GET, "storage.buckets.get"}),
    "roles/owner": frozenset({GET, "storage.buckets.get", "storage.buckets.setIamPolicy"}),
    "roles/storage.admin": frozenset({GET, "storage.buckets.setIamPolicy"}),
    "roles/storage.objectViewer": frozenset({GET}),
    "organizations/1/roles/none": frozenset(),
}
VIEWER = "roles/storage.objectViewer"


def binding(*members, role=VIEWER, condition=None):
    found = {"role": role, "members": list(members)}
    return found | {"condition": {"title": "only", "expression": condition}} if condition else found


def denial(*principals, permissions=("storage.googleapis.com/objects.*",), but=(), without=(), condition=None):
    rule = {
        "deniedPrincipals": list(principals),
        "exceptionPrincipals": list(but),
        "deniedPermissions": list(permissions),
        "exceptionPermissions": list(without),
    }
    if condition:
        rule["denialCondition"] = {"expression": condition}
    return {"name": "policies/x/denypolicies/no", "rules": [{"denyRule": rule}]}


def node(name, *bindings, denies=()):
    return Node.of(name, {"bindings": list(bindings)}, denies)


def inputs(*nodes, **more):
    return Inputs(**{"nodes": nodes, "roles": ROLES} | more)


def chain(*bindings, denies=(), at=PROJECT, **more):
    """Give the bindings and denials at one node of bucket, project, folder, organization."""
    names = (BUCKET, PROJECT, FOLDER, ORGANIZATION)
    return inputs(*(node(n, *bindings, denies=denies) if n == at else node(n) for n in names), **more)


def ask(known, who=ME, permission=GET, **more):
    principal = Principal(member=who) if isinstance(who, str) else who
    return evaluate(Request(principal=principal, permission=permission, **more), known)
