"""The question-and-answer vectors of IAMSpy, read as account authorization details.

Expectations are the documented outcome of each file, worked out by hand.
"""

import json
from pathlib import Path

import pytest

from poise.policy.answer import Decision
from poise.policy.aws.callers import Caller
from poise.policy.aws.evaluation import Inputs, Request, evaluate, named
from poise.policy.aws.sources import Source, sources_of

FILES = Path(__file__).parents[3] / "shared/data/graph/iamspy/tests/files"
pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason=f"{FILES} is absent")

OWN, OTHER = "123456789012", "111111111111"
ROLE, BLOCKED_USER = f"arn:aws:iam::{OWN}:role/name", "arn:aws:iam::391638756970:user/PermissionBoundaryBlock"
ALLOWED_USER = f"arn:aws:iam::{OWN}:user/PermissionBoundaryAllow"
INVOKE, FUNCTION = "lambda:InvokeFunction", f"arn:aws:lambda:eu-west-1:{OWN}:function:helloworld"
FOREIGN_FUNCTION = FUNCTION.replace(OWN, OTHER)
TESTING = f"arn:aws:iam::{OTHER}:role/testing"
REFERER = {"aws:referer": "bobby.tables"}
ALLOW, DENY, CONDITIONAL = Decision.ALLOW, Decision.DENY, Decision.CONDITIONAL


def read(name):
    return json.loads((FILES / f"{name}.json").read_text())


def holder(details, arn):
    """Return the record of a principal, and the names of the lists that its policies are in."""
    for kind, inline in (("UserDetailList", "UserPolicyList"), ("RoleDetailList", "RolePolicyList")):
        for one in details[kind]:
            if one["Arn"] == arn:
                return one, one.get(inline, ())
    raise LookupError(arn)


def default_version(details, arn):
    (found,) = (policy for policy in details["Policies"] if policy["Arn"] == arn)
    return next(v["Document"] for v in found["PolicyVersionList"] if v["IsDefaultVersion"])


def inputs(account_file, arn, resource_file=None, resource=None, scps=None):
    details = read(account_file)
    record, inline = holder(details, arn)
    documents = [one["PolicyDocument"] for one in inline]
    documents += [default_version(details, p["PolicyArn"]) for p in record.get("AttachedManagedPolicies", ())]
    boundary = record.get("PermissionsBoundary")
    limit = default_version(details, boundary["PermissionsBoundaryArn"]) if boundary else None
    attached = read(resource_file) if resource_file else []
    policies = [one["Policy"] for one in attached if one["Resource"] == resource]
    return Inputs(
        identity=sources_of(documents),
        boundary=named("boundary", limit) if limit else None,
        resource=sources_of(policies),
        scps=scps,
    )


def decision(arn, action, resource, given, context=None, is_complete=False):
    owner = resource.split(":")[4] or OTHER
    request = Request(
        caller=Caller.of(arn),
        action=action,
        resource=resource,
        owner=owner,
        context=context or {},
        is_complete=is_complete,
    )
    return evaluate(request, given).decision


@pytest.mark.parametrize(
    ("account_file", "arn", "resource", "resource_file", "expected"),
    [
        ("role-boundary-no-policies", ROLE, FUNCTION, None, DENY),
        ("user-allow-check", ALLOWED_USER, FUNCTION, None, ALLOW),
        ("user-boundary-allow", ALLOWED_USER, FUNCTION, None, ALLOW),
        ("user-boundary-deny", BLOCKED_USER, FUNCTION.replace(OWN, "391638756970"), None, DENY),
        ("role-boundary-allow", ROLE, FUNCTION, None, ALLOW),
        ("role-boundary-deny", ROLE, FUNCTION, None, DENY),
        ("basic-deny", ROLE, FUNCTION, None, DENY),
        ("basic-allow", ROLE, FUNCTION, None, ALLOW),
        ("basic-allow", ROLE, FOREIGN_FUNCTION, None, DENY),
        ("basic-allow", ROLE, FOREIGN_FUNCTION, "cross-account-rp", ALLOW),
    ],
)
def test_invoking_a_function(account_file, arn, resource, resource_file, expected):
    given = inputs(account_file, arn, resource_file, resource)
    assert decision(arn, INVOKE, resource, given) is expected


@pytest.mark.parametrize(
    ("context", "is_complete", "expected"),
    [(None, False, CONDITIONAL), (None, True, DENY), (REFERER, False, ALLOW), (REFERER, True, ALLOW)],
)
def test_a_condition_on_the_referer(context, is_complete, expected):
    given = inputs("allow-with-conditions", ROLE)
    assert decision(ROLE, INVOKE, FUNCTION, given, context, is_complete) is expected


@pytest.mark.parametrize(
    ("arn", "resource_file", "expected"),
    [
        (TESTING, "resource-s3-allow-testing", ALLOW),
        (f"{TESTING}2", "resource-s3-allow-testing", ALLOW),
        (f"{TESTING}2", "resource-s3-deny-testing2", DENY),
    ],
)
def test_listing_a_bucket(arn, resource_file, expected):
    bucket = "arn:aws:s3:::bucket"
    given = inputs("allow-testing-s3", arn, resource_file, bucket)
    assert decision(arn, "s3:ListBucket", bucket, given) is expected


@pytest.mark.parametrize(("name", "allowed"), [("name1", {1, 2}), ("name2", {2}), ("name3", {4})])
def test_many_principals_and_buckets(name, allowed):
    arn = f"arn:aws:iam::{OWN}:role/{name}"
    for number in range(1, 5):
        bucket = f"arn:aws:s3:::bucket{number}"
        given = inputs("batch-allow", arn, "batch-resource", bucket)
        request = Request(caller=Caller.of(arn), action="s3:GetObject", resource=f"{bucket}/k", owner=OWN)
        assert evaluate(request, given).decision is (ALLOW if number in allowed else DENY), number


def levels(root, account):
    """Return the service control policies from the root to an account, as the file nests them."""

    def attached(node):
        return tuple(Source.of(p["Name"], p["Content"]) for p in node["Policies"])

    for child in root.get("Children", ()):
        if child["Id"] == account:
            return (attached(root), attached(child))
        below = levels(child, account)
        if below:
            return (attached(root), *below)
    return ()


@pytest.mark.parametrize(
    ("file", "expected"), [("scp-basic", ALLOW), ("scp-deny-lambda", DENY), ("scp-deny-lambda2", ALLOW)]
)
def test_service_control_policies(file, expected):
    root = read(file)
    management = root["Arn"].split(":")[4]
    chain = None if management == OWN else levels(root, OWN)
    given = inputs("basic-allow", ROLE, scps=chain)
    assert decision(ROLE, INVOKE, FUNCTION, given) is expected
