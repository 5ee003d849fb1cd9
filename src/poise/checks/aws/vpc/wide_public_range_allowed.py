"""Security groups that admit large public ranges, though not the whole internet.

A range of thousands of addresses that belong to others, a provider's or a content network's, is shared with
strangers who rent a machine there. It is narrower than the internet and so less urgent, but rarely what was meant.
"""

from poise.model import Check, Example, Fix, Inventory, Parameter, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.vpc_rules import SecurityGroup
from poise.model.samples.aws_vpc import ANYWHERE_V4
from poise.model.samples.aws_vpc_rules import PREFIX_LIST, SECURITY_GROUP, prefix_rule, rule
from poise.policy.aws.groups import wide_sources

MOST = Parameter("most_addresses", 256, "Most public IPv4 addresses that one range may have; 256 is a /24.", lowest=1)


def evaluate(group: SecurityGroup, inventory: Inventory, most_addresses: int) -> Verdict:
    wide = wide_sources(group, most_addresses, inventory)
    if not wide:
        return healthy(f"no rule admits a public range of more than {most_addresses} addresses")
    return unhealthy(f"admits large public ranges: {', '.join(wide[:5])}", seen=wide)


CHECK = Check(
    title="Security groups should admit narrow public ranges only",
    asset=SecurityGroup,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-best-practices.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the security group {name} in the VPC console, Edit inbound rules; replace each listed range by the addresses that are needed. For CloudFront choose the prefix list com.amazonaws.global.cloudfront.origin-facing.",
        cli="""
# GROUP_ID is the end of {id}
aws ec2 describe-security-group-rules --region {region} --filters Name=group-id,Values=GROUP_ID
aws ec2 modify-security-group-rules --region {region} --group-id GROUP_ID --security-group-rules 'SecurityGroupRuleId=RULE_ID,SecurityGroupRule={IpProtocol=tcp,FromPort=443,ToPort=443,CidrIpv4=198.51.100.0/24}'
""",
        terraform="""
resource "aws_vpc_security_group_ingress_rule" "partners" {
  security_group_id = aws_security_group.this.id
  cidr_ipv4         = "198.51.100.0/24"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
""",
        impact="Addresses outside of the new ranges are cut off.",
    ),
    parameters=(MOST,),
    examples=(
        Example("the internet on the web port, which is another matter, and an office", SECURITY_GROUP, "healthy"),
        Example("a range of a content network", replace(SECURITY_GROUP, ingress=(rule(v4=("93.184.212.0/22",)),)), "unhealthy", "93.184.212.0/22"),
        Example("an IPv6 range of a provider", replace(SECURITY_GROUP, ingress=(rule(v6=("2600:1f00::/24",)),)), "unhealthy", "2600:1f00::/24"),
        Example("an IPv6 range of one site", replace(SECURITY_GROUP, ingress=(rule(v6=("2600:1f00:aaaa::/48",)),)), "healthy"),
        Example("a private range", replace(SECURITY_GROUP, ingress=(rule(v4=("10.0.0.0/8",)),)), "healthy"),
        Example("the whole internet", replace(SECURITY_GROUP, ingress=(rule(ports=(22, 22), v4=(ANYWHERE_V4,)),)), "healthy"),
        Example("many single addresses", replace(SECURITY_GROUP, ingress=(rule(v4=tuple(f"93.184.{n // 256}.{n % 256}/32" for n in range(300))),)), "healthy"),
        Example("halves of the internet, which another check reports", replace(SECURITY_GROUP, ingress=(rule(v4=("0.0.0.0/1", "128.0.0.0/1")),)), "healthy"),
        Example("a wider limit", replace(SECURITY_GROUP, ingress=(rule(v4=("93.184.212.0/22",)),)), "healthy", parameters={"most_addresses": 1024}),
        Example("a list that was not read", replace(SECURITY_GROUP, ingress=(prefix_rule(PREFIX_LIST.id),)), "unknown", "AccessDenied", unlisted={"AWS::EC2::PrefixList": "AccessDenied"}),
        Example("a wide range, and a list that was not read", replace(SECURITY_GROUP, ingress=(prefix_rule(PREFIX_LIST.id), rule(v4=("93.184.212.0/22",)))), "unhealthy", unlisted={"AWS::EC2::PrefixList": "AccessDenied"}),
        Example("unread", replace(SECURITY_GROUP, unread={"ingress": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
