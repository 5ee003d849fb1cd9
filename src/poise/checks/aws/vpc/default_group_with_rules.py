"""Default security groups that allow anything.

Whatever is started without naming a group gets the default one. If it has rules, such machines talk to each other
and to the outside although nobody decided that; without rules the mistake is harmless and noticed at once.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.vpc_rules import SecurityGroup
from poise.model.samples.aws import FOREIGN_ACCOUNT
from poise.model.samples.aws_vpc import ANYWHERE_V4
from poise.model.samples.aws_vpc_rules import DEFAULT_GROUP, SECURITY_GROUP, rule

OUT = (rule("-1", None, (ANYWHERE_V4,)),)


def evaluate(group: SecurityGroup) -> Verdict:
    if group.name != "default":
        return not_applicable("not a default group")
    if group.owner != group.scope:
        return not_applicable(f"account {group.owner} owns the group")
    known = group.known()
    for side, word in (("ingress", "incoming"), ("egress", "outgoing")):
        if known.get(side):
            return unhealthy(f"has {word} rules", seen=len(known[side]))
    return healthy("has no rules", seen=len(group.ingress) + len(group.egress))


CHECK = Check(
    title="Default security groups should have no rules",
    asset=SecurityGroup,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-2",
    evaluate=evaluate,
    fix=Fix(
        console="Give everything that wears the default group a group of its own, then open {id} in the VPC console and delete all inbound and outbound rules.",
        cli="""
# GROUP_ID is the end of {id}
aws ec2 describe-security-group-rules --region {region} --filters Name=group-id,Values=GROUP_ID
aws ec2 revoke-security-group-ingress --region {region} --group-id GROUP_ID --security-group-rule-ids RULE_ID
aws ec2 revoke-security-group-egress --region {region} --group-id GROUP_ID --security-group-rule-ids RULE_ID
""",
        terraform="""
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id # no ingress and no egress block: all rules are removed
}
""",
        impact="What wears the default group loses its connections; move it to another group first.",
    ),
    examples=(
        Example("no rules", DEFAULT_GROUP, "healthy"),
        Example("as AWS makes it", replace(DEFAULT_GROUP, egress=OUT), "unhealthy", "outgoing"),
        Example("incoming rules", replace(DEFAULT_GROUP, ingress=OUT), "unhealthy", "incoming"),
        Example("another group", SECURITY_GROUP, "not_applicable"),
        Example("of another account", replace(DEFAULT_GROUP, owner=FOREIGN_ACCOUNT, egress=OUT), "not_applicable"),
        Example("incoming rules, outgoing unread", replace(DEFAULT_GROUP, ingress=OUT, unread={"egress": "AccessDenied"}), "unhealthy"),
        Example("outgoing rules, incoming unread", replace(DEFAULT_GROUP, egress=OUT, unread={"ingress": "AccessDenied"}), "unhealthy", "outgoing"),
        Example("unread", replace(DEFAULT_GROUP, unread={"ingress": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
