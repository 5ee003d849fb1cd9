"""Machines whose start script holds a secret.

Everyone who may describe the machine, and every program that runs on it, reads the script. A password or key in it
is no secret, and it stays in launch templates and copies long after it was changed.
"""

from poise.model import Category, Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.aws.ec2 import Ec2Instance
from poise.model.samples.aws_ec2 import INSTANCE
from poise.model.secret import ScannedText, SecretHit

HIT = SecretHit(rule="password_assignment", place="line 2", fingerprint="0123456789ab", last_four="lain")
LEAKY = ScannedText(length=80, digest="0" * 64, hits=(HIT,))


def evaluate(instance: Ec2Instance) -> Verdict:
    if instance.user_data is None:
        return healthy("there is no start script")
    hits = instance.user_data.hits
    if not hits and instance.user_data.unscanned:
        return unknown(f"{instance.user_data.unscanned:,} bytes of the start script were too much to scan")
    if not hits:
        return healthy("no secret was seen in the start script")
    seen = [{"rule": hit.rule, "place": hit.place, "last_four": hit.last_four} for hit in hits]
    return unhealthy(f"the start script holds secrets: {', '.join(sorted({hit.rule for hit in hits}))}", seen=seen)


CHECK = Check(
    title="User data of EC2 instances should hold no secrets",
    asset=Ec2Instance,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html",
    evaluate=evaluate,
    category=Category.SECRET,
    fix=Fix(
        console="Change the secret where it is used. Put the new one into Secrets Manager or a SecureString parameter that the role of {name} may read, let the script fetch it, then stop the machine, Actions, Instance settings, Edit user data.",
        cli="""
# INSTANCE_ID is the end of {id}
aws ec2 stop-instances --region {region} --instance-ids INSTANCE_ID
aws ec2 wait instance-stopped --region {region} --instance-ids INSTANCE_ID
aws ec2 modify-instance-attribute --region {region} --instance-id INSTANCE_ID --user-data Value=file://script.b64
aws ec2 start-instances --region {region} --instance-ids INSTANCE_ID
""",
        terraform="""
data "aws_secretsmanager_secret" "database" { name = "shop/database" }
resource "aws_instance" "this" {
  user_data = templatefile("start.sh", { secret_arn = data.aws_secretsmanager_secret.database.arn })
}
""",
        impact="The machine must be stopped to change its script. The old secret must be changed, as it was readable.",
    ),
    examples=(
        Example("a part too large to scan", replace(INSTANCE, user_data=ScannedText(length=80, digest="0" * 64, hits=(), unscanned=40)), "unknown", "too much to scan"),
        Example("clean", INSTANCE, "healthy", "no secret"),
        Example("no script", replace(INSTANCE, user_data=None), "healthy", "no start script"),
        Example("a password", replace(INSTANCE, user_data=LEAKY), "unhealthy", "password_assignment"),
        Example("unread", replace(INSTANCE, unread={"user_data": "UnauthorizedOperation"}), "unknown", "UnauthorizedOperation"),
    ),
)  # fmt: skip
