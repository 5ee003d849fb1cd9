"""Actions that are authorized on several resources. Rules: Service Authorization Reference, the required resource types
of Amazon EC2 (`CreateSnapshot`: volume*, snapshot*), Amazon RDS (`CreateDBSnapshot`: db*, snapshot*) and AWS Systems
Manager (`SendCommand`: document*), and the ARN formats there: that of a snapshot or image has no account.
"""

import pytest

from poise.model.inventory import ListInventory
from poise.model.samples.aws import ACCOUNT, REGION
from poise.model.samples.aws_ec2 import IMAGE, INSTANCE, SNAPSHOT, VOLUME
from poise.model.samples.aws_rds import RDS_INSTANCE
from poise.policy.answer import Decision
from poise.policy.aws.callers import Caller
from poise.policy.aws.entitlements import Side, ask
from poise.policy.aws.holdings import Holding
from poise.policy.aws.sources import Source

DOCUMENT = f"arn:aws:ssm:{REGION}::document/AWS-RunShellScript"


def answered(asset, action, *resources):
    statement = {"Effect": "Allow", "Action": action, "Resource": list(resources)}
    own = Source.of("own", {"Version": "2012-10-17", "Statement": [statement]})
    side = Side(caller=Caller.of(f"arn:aws:iam::{ACCOUNT}:user/ops"), identity=(own,))
    return ask(side, action, Holding(asset, ListInventory([asset])), None)


@pytest.mark.parametrize(
    ("asset", "action", "other"),
    [
        (INSTANCE, "ssm:SendCommand", "arn:aws:ssm:*:*:document/*"),
        (VOLUME, "ec2:CreateSnapshot", f"arn:aws:ec2:{REGION}::snapshot/*"),
        (RDS_INSTANCE, "rds:CreateDBSnapshot", f"arn:aws:rds:{REGION}:{ACCOUNT}:snapshot:*"),
    ],
)
def test_each_required_resource_must_be_allowed(asset, action, other):
    assert answered(asset, action, "*").decision is Decision.ALLOW
    assert answered(asset, action, asset.id, other).decision is Decision.ALLOW
    assert answered(asset, action, other).decision is Decision.DENY
    alone = answered(asset, action, asset.id)
    assert alone.decision is Decision.DENY
    assert alone.because[0].text.endswith("which it takes")


def test_some_document_leaves_a_condition():
    answer = answered(INSTANCE, "ssm:SendCommand", INSTANCE.id, DOCUMENT)
    assert (answer.decision, str(answer.residual)) == (Decision.CONDITIONAL, f"resource is {DOCUMENT}")


@pytest.mark.parametrize(
    ("asset", "action", "kind"),
    [
        (SNAPSHOT, "ec2:ModifySnapshotAttribute", "snapshot"),
        (SNAPSHOT, "ebs:GetSnapshotBlock", "snapshot"),
        (IMAGE, "ec2:ModifyImageAttribute", "image"),
    ],
)
def test_arns_of_snapshots_and_images_have_no_account(asset, action, kind):
    assert answered(asset, action, f"arn:aws:ec2:*::{kind}/*").decision is Decision.ALLOW
    assert answered(asset, action, f"arn:aws:ec2:*:{ACCOUNT}:{kind}/*").decision is Decision.DENY
