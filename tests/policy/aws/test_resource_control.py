"""What resource control policies leave of public assets. Rules and examples are those of the Organizations User Guide,
"Resource control policies", and of the AWS guide to data perimeters: whoever is no member of the organization, and no
service of AWS, is kept out."""

import pytest

from poise.model import replace
from poise.model.aws.organizations import OrganizationAccount
from poise.model.aws.s3 import AclGrant
from poise.model.inventory import ListInventory
from poise.model.samples.aws import ACCOUNT, AWS_ACCOUNT, FOREIGN_ACCOUNT, S3_BUCKET
from poise.model.samples.aws_iam import IAM_ROLE, trusting_github
from poise.model.samples.aws_organizations import (
    ORGANIZATION,
    ORGANIZATION_ACCOUNT,
    ORGANIZATION_ID,
    ORGANIZATIONAL_UNIT,
    RESOURCE_CONTROL_POLICY,
    ROOT_ID,
    SERVICE_CONTROL_POLICY,
)
from poise.model.samples.aws_sharing import OTHER, QUEUE, granting
from poise.policy.answer import Audience, Level
from poise.policy.aws.exposed import bucket_exposed, policy_exposed, role_exposed
from poise.policy.aws.organization import RESOURCE_CONTROL

TREE = (ORGANIZATION, ORGANIZATIONAL_UNIT, ORGANIZATION_ACCOUNT, SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY)
OPEN_ACCOUNT = replace(AWS_ACCOUNT, public_access_block=None)
PERIMETER = {
    "StringNotEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION_ID},
    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
}
ANYONE_READS = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"},
    ],
}
PUBLIC = replace(S3_BUCKET, policy=ANYONE_READS, public_access_block=None)


def denying(action, condition=None, target=ROOT_ID, **more):
    statement = {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*", **more}
    document = {"Version": "2012-10-17", "Statement": [statement | ({"Condition": condition} if condition else {})]}
    return replace(RESOURCE_CONTROL_POLICY, id="p-1", name="perimeter", document=document, targets=(target,))


def inventory_of(*assets, tree=TREE, account=OPEN_ACCOUNT):
    return ListInventory([account, *tree, *assets])


def of_bucket(bucket, *policies, **how):
    return bucket_exposed(bucket, inventory_of(bucket, *policies, **how))


def test_a_perimeter_around_the_organization_keeps_strangers_out_and_leaves_its_other_accounts_in():
    found = of_bucket(PUBLIC, denying("s3:*", PERIMETER))
    assert found.level is Level.RESTRICTED
    assert found.because[0].source == RESOURCE_CONTROL


@pytest.mark.parametrize(
    "policies",
    [
        (),
        (denying("sqs:*", PERIMETER),),  # another service
        (denying("s3:PutObject", PERIMETER),),  # another action
        (denying("s3:*", PERIMETER, target="999988887777"),),  # another account
        (denying("s3:*", {"Bool": {"aws:SecureTransport": "false"}}),),  # whoever uses TLS is not meant
    ],
)
def test_what_does_not_deny_the_stranger_leaves_the_bucket_public(policies):
    assert of_bucket(PUBLIC, *policies).level is Level.PUBLIC


def test_the_management_account_is_exempt():
    bucket = replace(PUBLIC, scope=ORGANIZATION.management_account)
    account = replace(OPEN_ACCOUNT, scope=ORGANIZATION.management_account)
    assert of_bucket(bucket, denying("s3:*", PERIMETER), account=account).level is Level.PUBLIC


def test_access_lists_are_no_way_around():
    line = AclGrant(grantee="http://acs.amazonaws.com/groups/global/AllUsers", permission="READ")
    bucket = replace(S3_BUCKET, policy=None, acl=(line,), object_ownership=None, public_access_block=None)
    assert of_bucket(bucket).level is Level.PUBLIC
    assert of_bucket(bucket, denying("s3:GetObject", PERIMETER)).level is Level.PUBLIC  # READ lists a bucket
    assert of_bucket(bucket, denying("s3:List*", PERIMETER)).level is Level.RESTRICTED
    assert of_bucket(bucket, denying("s3:List*")).level is Level.PRIVATE


def test_a_list_for_whoever_has_an_account_is_open_to_those_whom_a_deny_of_the_anonymous_spares():
    line = AclGrant(grantee="http://acs.amazonaws.com/groups/global/AuthenticatedUsers", permission="READ")
    bucket = replace(S3_BUCKET, policy=None, acl=(line,), object_ownership=None, public_access_block=None)
    anonymous = denying("s3:*", {"Null": {"aws:PrincipalAccount": "true"}})
    assert of_bucket(bucket, anonymous).level is Level.PUBLIC
    assert of_bucket(bucket, denying("s3:*", {"Null": {"aws:PrincipalAccount": "false"}})).level is not Level.PUBLIC


def test_policies_that_were_not_read_take_nothing_away_and_are_named():
    found = of_bucket(PUBLIC, tree=())
    assert found.level is Level.PUBLIC
    assert found.because[-1].source == RESOURCE_CONTROL
    unread = replace(denying("s3:*", PERIMETER), unread={"document": "AccessDenied"})
    assert "AccessDenied" in of_bucket(PUBLIC, unread).because[-1].text


def test_an_account_in_no_organization_has_none():
    alone = replace(OPEN_ACCOUNT, organization_id=None, management_account=None)
    found = of_bucket(PUBLIC, tree=(), account=alone)
    assert [one.source for one in found.because if one.source == RESOURCE_CONTROL] == []


def test_an_account_outside_of_the_organization_is_kept_out_and_a_member_is_not():
    queue = replace(QUEUE, policy=granting(OTHER, "sqs:ReceiveMessage"))
    perimeter = denying("sqs:*", PERIMETER)
    fellow = replace(ORGANIZATION_ACCOUNT, id="fellow", account=FOREIGN_ACCOUNT)
    assert isinstance(fellow, OrganizationAccount)
    outside = policy_exposed(queue.policy, ACCOUNT, inventory_of(queue, perimeter))
    inside = policy_exposed(queue.policy, ACCOUNT, inventory_of(queue, perimeter, fellow))
    assert (outside.level, outside.accounts) == (Level.PRIVATE, ())
    assert (inside.level, inside.accounts) == (Level.RESTRICTED, (FOREIGN_ACCOUNT,))


def test_a_service_that_the_perimeter_spares_still_acts_for_any_customer():
    queue = replace(QUEUE, policy=granting({"Service": "sns.amazonaws.com"}, "sqs:SendMessage"))
    of_organization = denying(
        "sqs:*",
        {
            "StringNotEqualsIfExists": {"aws:SourceOrgID": ORGANIZATION_ID},
            "Bool": {"aws:PrincipalIsAWSService": "true"},
            "Null": {"aws:SourceAccount": "false"},
        },
    )
    spared = policy_exposed(queue.policy, ACCOUNT, inventory_of(queue, denying("sqs:*", PERIMETER)))
    assert spared.unconfined_services == ("sns.amazonaws.com",)
    # Whether the service names its source is not known: a deny that it may avoid takes nothing away.
    kept = policy_exposed(queue.policy, ACCOUNT, inventory_of(queue, of_organization))
    assert kept.unconfined_services == ("sns.amazonaws.com",)


def test_a_role_that_everyone_may_take_is_kept_to_the_organization():
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
    }
    role = replace(IAM_ROLE, trust_policy=trust)
    assert role_exposed(role, inventory_of(role)).level is Level.PUBLIC
    assert role_exposed(role, inventory_of(role, denying("sts:*", PERIMETER))).level is Level.RESTRICTED


GITHUB = "token.actions.githubusercontent.com:sub"


@pytest.mark.parametrize(
    ("condition", "open_to_anyone"),
    [
        ({"StringNotLikeIfExists": {GITHUB: "repo:acme/*"}}, False),
        ({"StringNotLike": {GITHUB: "repo:acme/*"}, "Null": {GITHUB: "false"}}, False),
        ({"StringNotLike": {GITHUB: "repo:acme*"}}, True),  # anybody may register acme-evil
        ({"StringLike": {GITHUB: "repo:acme/*"}}, True),  # denies the own organization alone
        ({"StringNotLike": {GITHUB: "repo:acme/*"}, "StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, True),
    ],
)
def test_tokens_of_a_shared_issuer_are_kept_to_one_customer_by_a_deny_of_all_others(condition, open_to_anyone):
    role = trusting_github("repo:*")
    found = role_exposed(role, inventory_of(role, denying("sts:AssumeRoleWithWebIdentity", condition)))
    assert bool(found.of(Audience.ANYONE)) is open_to_anyone
