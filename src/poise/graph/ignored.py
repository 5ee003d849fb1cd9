"""Facts that whole groups of families never read, so that a proof of a fix looks again at no more than it must.

A list may be too short, never too long: tests watch every family over many estates, and change each fact that is named.
"""

from __future__ import annotations

from poise.graph.family import Ignored
from poise.model.asset import Asset
from poise.model.aws.awslambda import LambdaFunction
from poise.model.aws.ec2 import Ec2Instance
from poise.model.aws.iam import IamGroup, IamPolicy, IamRole, IamUser
from poise.model.aws.s3 import S3Bucket
from poise.model.aws.vpc import RouteTable
from poise.model.aws.vpc_rules import NetworkAcl, SecurityGroup


def _all(*kinds: type[Asset]) -> dict[str, frozenset[str]]:
    return {kind.KIND: frozenset({"tags", *kind.FACTS}) for kind in kinds}


NETWORK = _all(NetworkAcl, RouteTable, SecurityGroup)
IGNORED_BY_RIGHTS: Ignored = {
    **NETWORK,
    Ec2Instance.KIND: frozenset({"interfaces", "metadata", "profile", "public_ip", "user_data"}),
    IamRole.KIND: frozenset({"instance_profiles", "last_used", "trust_policy"}),
    IamUser.KIND: frozenset({"access_keys", "has_mfa", "has_password", "password_last_used"}),
    LambdaFunction.KIND: frozenset({"alias_urls", "environment", "runtime", "url"}),
}
"""By those that ask who may do what: routes, trusts, keys, and how machines get their credentials."""
IGNORED_BY_ESCALATIONS: Ignored = NETWORK
"""By those that bind rows of the catalogue: routes and lists of networks."""
IGNORED_BY_ROUTES: Ignored = {
    **_all(IamGroup, IamRole, IamPolicy, IamUser, S3Bucket),
    Ec2Instance.KIND: frozenset({"metadata", "profile", "user_data"}),
    LambdaFunction.KIND: frozenset({"alias_urls", "environment", "policy", "runtime", "url"}),
}
"""By those that ask which packets arrive: who may do what."""
