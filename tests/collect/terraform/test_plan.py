"""Plans as `terraform show -json` writes them ("JSON Output Format"): what changes in records, what cannot be told."""

import json

import msgspec
import pytest

from poise.collect.terraform.plan import read_plan
from poise.model.asset import replace
from poise.model.aws.ec2 import EbsSnapshot, Ec2Instance
from poise.model.aws.iam import IamRole, IamUser
from poise.model.aws.s3 import S3Bucket
from poise.model.aws.vpc_rules import SecurityGroup, SecurityRule
from poise.model.azure.authorization import RoleAssignment, RoleDefinition
from poise.model.azure.security_group import NetworkSecurityGroup
from poise.model.errors import BadInput
from poise.model.samples.ordinary import ordinary

OPEN = {"type": "ingress", "protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"]}
READ = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


def change(type, before=None, after=None, unknown=None):
    actions = ["create"] if before is None else ["delete"] if after is None else ["update"]
    inner = {"actions": actions, "before": before, "after": after, "after_unknown": unknown or {}}
    return {"address": f"{type}.it", "mode": "managed", "type": type, "name": "it", "change": inner}


def stored(*assets):
    return {asset.id: asset for asset in assets}


def asset(kind, id, **facts):
    name = id.rpartition("/")[2].rpartition(":")[2]
    return replace(ordinary(kind), id=id, name=name, scope="111122223333", **facts)


def planned(assets, *changes):
    return read_plan({"format_version": "1.2", "resource_changes": list(changes)}, stored(*assets))


GROUP_ID = "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1"


def group(*rules):
    return asset(SecurityGroup, GROUP_ID, ingress=tuple(rules))


def rule(cidr, port=22):
    return SecurityRule(
        protocol="tcp",
        from_port=port,
        to_port=port,
        cidrs_v4=(cidr,),
        cidrs_v6=(),
        prefix_lists=(),
        groups=(),
        descriptions=(),
    )


def test_a_new_rule_beside_its_group_is_added():
    found = planned([group()], change("aws_security_group_rule", None, OPEN | {"security_group_id": "sg-1"}))

    assert found.changed[GROUP_ID].ingress == (rule("0.0.0.0/0"),)
    assert found.skipped == ()


def test_a_rule_of_one_peer_is_taken_away_and_others_stay():
    joined = msgspec.structs.replace(rule("10.0.0.0/8"), cidrs_v4=("10.0.0.0/8", "0.0.0.0/0"))
    gone = {"security_group_id": "sg-1", "ip_protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_ipv4": "0.0.0.0/0"}
    found = planned([group(joined)], change("aws_vpc_security_group_ingress_rule", gone))

    assert found.changed[GROUP_ID].ingress == (rule("10.0.0.0/8"),)


def test_rules_inside_of_a_group_take_the_place_of_those_before():
    before = {"id": "sg-1", "ingress": [OPEN], "egress": []}
    after = {"id": "sg-1", "ingress": [OPEN | {"cidr_blocks": ["10.0.0.0/8"]}], "egress": []}
    found = planned([group(rule("0.0.0.0/0"))], change("aws_security_group", before, after))

    assert found.changed[GROUP_ID].ingress == (rule("10.0.0.0/8"),)


def test_a_rule_whose_peers_are_known_later_is_not_simulated_and_changes_nothing():
    after = {"security_group_id": "sg-1", "type": "ingress", "protocol": "tcp", "from_port": 22, "to_port": 22}
    found = planned([group()], change("aws_security_group_rule", None, after, {"source_security_group_id": True}))

    assert (found.changed, found.skipped[0].why) == ({}, "source_security_group_id is known after apply")


BUCKET_ID = "arn:aws:s3:::data"


def test_a_bucket_policy_and_the_lock_of_a_bucket_are_set_and_removed():
    bucket = asset(S3Bucket, BUCKET_ID)
    flags = dict.fromkeys(
        ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets"), True
    )
    set_policy = change("aws_s3_bucket_policy", None, {"bucket": "data", "policy": json.dumps(READ)})
    unlock = change("aws_s3_bucket_public_access_block", {"bucket": "data", **flags})
    found = planned([bucket], set_policy, unlock).changed[BUCKET_ID]

    assert (found.policy, found.public_access_block) == (READ, None)


def test_a_bucket_policy_that_is_known_later_is_unread():
    after = {"bucket": "data"}
    found = planned([asset(S3Bucket, BUCKET_ID)], change("aws_s3_bucket_policy", None, after, {"policy": True}))

    assert found.changed[BUCKET_ID].unread == {"policy": "known after apply"}


ROLE_ID = "arn:aws:iam::111122223333:role/app"


def test_policies_are_put_into_roles_and_taken_off_users():
    role = asset(IamRole, ROLE_ID, inline_policies={}, attached_policies=())
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    user = asset(IamUser, "arn:aws:iam::111122223333:user/ann", attached_policies=(arn,))
    found = planned(
        [role, user],
        change("aws_iam_role_policy", None, {"role": "app", "name": "read", "policy": json.dumps(READ)}),
        change("aws_iam_user_policy_attachment", {"user": "ann", "policy_arn": arn}),
    )

    assert found.changed[ROLE_ID].inline_policies == {"read": READ}
    assert found.changed[user.id].attached_policies == ()


def test_an_attached_policy_whose_document_is_not_stored_is_told():
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    role = asset(IamRole, ROLE_ID, attached_policies=())
    found = planned([role], change("aws_iam_role_policy_attachment", None, {"role": "app", "policy_arn": arn}))

    assert found.changed[ROLE_ID].attached_policies == (arn,)
    assert "what it allows is unknown" in found.skipped[0].why


def test_a_new_role_holds_what_the_plan_gives_it_and_the_rest_is_unread():
    role = asset(IamRole, ROLE_ID)
    made = change("aws_iam_role", None, {"name": "new", "assume_role_policy": json.dumps(READ)}, {"arn": True})
    inline = change("aws_iam_role_policy", None, {"role": "new", "name": "read", "policy": json.dumps(READ)})
    found = planned([role], inline, made).changed["arn:aws:iam::111122223333:role/new"]

    assert (found.trust_policy, found.inline_policies, found.attached_policies) == (READ, {"read": READ}, ())
    assert found.unread["unique_id"] == "not in the plan"


def test_a_new_role_of_a_cloud_of_which_nothing_was_scanned_is_told():
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    plan = planned((), change("aws_iam_role", after={"name": "new", "assume_role_policy": trust}))

    assert plan.changed == {}
    assert plan.skipped[0].why == "no aws account was scanned yet in which it could be made: scan it first"


def test_metadata_options_of_a_machine_are_as_planned():
    id = "arn:aws:ec2:eu-west-1:111122223333:instance/i-1"
    before = {"id": "i-1", "metadata_options": [{"http_tokens": "required", "http_endpoint": "enabled"}]}
    after = {"id": "i-1", "metadata_options": [{"http_tokens": "optional", "http_put_response_hop_limit": 2}]}
    found = planned([asset(Ec2Instance, id)], change("aws_instance", before, after)).changed[id]

    assert (found.metadata.http_tokens, found.metadata.http_endpoint, found.metadata.hop_limit) == (
        "optional",
        "enabled",
        2,
    )


def test_a_snapshot_is_shared_with_one_more_account():
    id = "arn:aws:ec2:eu-west-1:111122223333:snapshot/snap-1"
    after = {"snapshot_id": "snap-1", "account_id": "222233334444"}
    snapshot = asset(EbsSnapshot, id, shared_with_accounts=())
    found = planned([snapshot], change("aws_snapshot_create_volume_permission", None, after))

    assert found.changed[id].shared_with_accounts == ("222233334444",)


SUB = "/subscriptions/00000000-0000-0000-0000-000000000001"


def test_a_rule_of_an_azure_group_and_a_role_assignment_are_made():
    guards = asset(
        NetworkSecurityGroup, f"{SUB}/resourcegroups/rg/providers/microsoft.network/networksecuritygroups/web", rules=()
    )
    role = asset(RoleDefinition, f"{SUB}/providers/microsoft.authorization/roledefinitions/reader")
    after = {
        "name": "ssh",
        "network_security_group_name": "web",
        "resource_group_name": "RG",
        "priority": 100,
        "direction": "Inbound",
        "access": "Allow",
        "protocol": "Tcp",
        "source_address_prefix": "*",
        "source_port_range": "*",
        "destination_address_prefix": "*",
        "destination_port_range": "22",
    }
    given = {"scope": f"{SUB}/resourceGroups/RG", "role_definition_name": "reader", "principal_id": "p"}
    found = planned(
        [guards, role],
        change("azurerm_network_security_rule", None, after),
        change("azurerm_role_assignment", None, given),
    )

    (ssh,) = found.changed[guards.id].rules
    assert (ssh.priority, ssh.source_prefixes, ssh.destination_ports) == (100, ("*",), ("22",))
    made = next(one for one in found.changed.values() if isinstance(one, RoleAssignment))
    assert (made.role_definition, made.assigned_at) == (role.id, f"{SUB}/resourcegroups/rg")
    assert found.skipped == ()


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        ({"resource_changes": [1]}, "Change 1"),
        ({"resource_changes": {"a": 1}}, "no list"),
        ([], "no Terraform plan"),
    ],
)
def test_what_is_no_plan_is_refused_with_its_place(plan, why):
    with pytest.raises(BadInput, match=why):
        read_plan(plan, {})


def test_resources_that_are_only_read_or_stay_are_passed_over():
    row = change("aws_vpc", None, {"cidr_block": "10.0.0.0/16"})
    row["change"]["actions"] = ["no-op"]
    assert planned([], row).skipped == ()


def test_a_type_that_is_not_simulated_is_named():
    (skipped,) = planned([], change("aws_vpc", None, {"cidr_block": "10.0.0.0/16"})).skipped
    assert (skipped.address, skipped.type) == ("aws_vpc.it", "aws_vpc")
