"""One ordinary security group, prefix list and network ACL: the web is open to all, SSH to the office alone."""

from msgspec import structs

from poise.model.asset import replace
from poise.model.aws.vpc_rules import (
    AclEntry,
    NetworkAcl,
    PrefixList,
    PrefixListEntry,
    SecurityGroup,
    SecurityRule,
)
from poise.model.samples.aws import ACCOUNT, REGION
from poise.model.samples.aws_vpc import (
    ANYWHERE_V4,
    ANYWHERE_V6,
    HERE,
    PRIVATE_SUBNET_ID,
    PUBLIC_SUBNET_ID,
    TAGS,
    VPC_ID,
)


def rule(
    protocol: str = "tcp",
    ports: tuple[int, int] | None = (443, 443),
    v4: tuple[str, ...] = (),
    v6: tuple[str, ...] = (),
) -> SecurityRule:
    """Make a rule for ranges of addresses; ``ports`` None for all."""
    first, last = ports or (None, None)
    return SecurityRule(
        protocol=protocol,
        from_port=first,
        to_port=last,
        cidrs_v4=v4,
        cidrs_v6=v6,
        prefix_lists=(),
        groups=(),
        descriptions=(),
    )


def prefix_rule(list_id: str, ports: tuple[int, int] = (22, 22)) -> SecurityRule:
    """Make a TCP rule for the ranges of a prefix list."""
    return structs.replace(rule(ports=ports), prefix_lists=(list_id,))


def group_rule(group_id: str) -> SecurityRule:
    """Make a rule for everything that wears a security group."""
    return structs.replace(rule("-1", None), groups=(group_id,))


def acl_entry(
    number: int, action: str = "allow", ports: tuple[int, int] | None = None, cidr: str = ANYWHERE_V4
) -> AclEntry:
    """Make an incoming entry of a network ACL: for TCP where ports are given, else for everything."""
    first, last = ports or (None, None)
    return AclEntry(
        number=number,
        egress=False,
        action=action,
        protocol="6" if ports else "-1",
        cidr=cidr,
        from_port=first,
        to_port=last,
    )


SECURITY_GROUP = SecurityGroup(
    id=f"{HERE}:security-group/sg-0a0000000000000001",
    name="shop-web",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    description="Web servers of the shop",
    vpc=VPC_ID,
    owner=ACCOUNT,
    ingress=(rule(v4=(ANYWHERE_V4,), v6=(ANYWHERE_V6,)), rule(ports=(22, 22), v4=("198.51.100.0/24",))),
    egress=(rule("-1", None, (ANYWHERE_V4,)),),
)
DEFAULT_GROUP = SecurityGroup(
    id=f"{HERE}:security-group/sg-0a00000000000000d0",
    name="default",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    description="default VPC security group",
    vpc=VPC_ID,
    owner=ACCOUNT,
    ingress=(),
    egress=(),
)
PREFIX_LIST = PrefixList(
    id=f"{HERE}:prefix-list/pl-0a0000000000000001",
    name="offices",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    family="IPv4",
    owner=ACCOUNT,
    version=3,
    entries=(PrefixListEntry(cidr="198.51.100.0/24", description="head office"),),
)
NETWORK_ACL = NetworkAcl(
    id=f"{HERE}:network-acl/acl-0a0000000000000001",
    name="shop",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    vpc=VPC_ID,
    is_default=False,
    owner=ACCOUNT,
    subnets=(PUBLIC_SUBNET_ID, PRIVATE_SUBNET_ID),
    entries=(
        acl_entry(100, ports=(443, 443)),
        acl_entry(110, ports=(22, 22), cidr="198.51.100.0/24"),
        acl_entry(120, ports=(32768, 65535)),
        acl_entry(32767, "deny"),
        structs.replace(acl_entry(100), egress=True),
    ),
)
OPEN_ACL = replace(
    NETWORK_ACL,
    entries=(
        acl_entry(100),
        acl_entry(101, cidr=ANYWHERE_V6),
        structs.replace(acl_entry(100), egress=True),
        structs.replace(acl_entry(101, cidr=ANYWHERE_V6), egress=True),
        acl_entry(32767, "deny"),
    ),
)
"""As AWS makes it: everything passes both ways."""
