"""Keys with grants to other accounts.

A grant works beside the key policy and does not show there. One to a foreign account, often made by an old copy job,
lets it decrypt until somebody retires it.
"""

from msgspec import structs

from poise.model import Check, Example, Fix, Parameter, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.kms import KeyGrant, KmsKey
from poise.model.samples.aws import ACCOUNT, FOREIGN_ACCOUNT
from poise.model.samples.aws_kms import KMS_KEY


def evaluate(key: KmsKey, trusted_accounts: tuple[str, ...]) -> Verdict:
    if key.manager == "AWS":
        return not_applicable("AWS manages the key")
    known = {key.scope, *trusted_accounts}
    strangers = [grant.grantee for grant in key.grants if _account(grant.grantee) not in known | {""}]
    if strangers:
        return unhealthy(f"grants to {', '.join(strangers)}", seen=strangers)
    return healthy("no grant to another account")


def _account(grantee: str) -> str:
    """Return the account of a grantee; none for a service, or for a principal that was deleted."""
    return grantee.split(":")[4] if grantee.startswith("arn:") else ""


GRANT = KeyGrant(
    id="0c237476b39f8bc4",
    name=None,
    grantee=f"arn:aws:iam::{FOREIGN_ACCOUNT}:role/copy",
    operations=("Decrypt",),
    constraints=None,
)
GRANTED = replace(KMS_KEY, grants=(GRANT,))
OWN = structs.replace(GRANT, grantee=f"arn:aws:iam::{ACCOUNT}:role/backup")
SERVICE = structs.replace(GRANT, grantee="rds.amazonaws.com")


CHECK = Check(
    title="KMS keys should be granted to known accounts only",
    asset=KmsKey,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/grants.html",
    evaluate=evaluate,
    parameters=(Parameter("trusted_accounts", (), "Account ids that may be given grants."),),
    fix=Fix(
        console="Grants are not shown in the console; use the command line.",
        cli="aws kms list-grants --region {region} --key-id {id}\naws kms revoke-grant --region {region} --key-id {id} --grant-id GRANT_ID",
        terraform="""
# remove the aws_kms_grant whose grantee_principal is of another account
resource "aws_kms_grant" "this" {
  key_id            = "{id}"
  grantee_principal = aws_iam_role.reader.arn
  operations        = ["Decrypt"]
}
""",
        impact="The grantee can no longer use the key at once.",
    ),
    examples=(
        Example("none", KMS_KEY, "healthy"),
        Example("own role", replace(KMS_KEY, grants=(OWN,)), "healthy"),
        Example("a service", replace(KMS_KEY, grants=(SERVICE,)), "healthy"),
        Example("another account", GRANTED, "unhealthy", FOREIGN_ACCOUNT),
        Example("a known account", GRANTED, "healthy", parameters={"trusted_accounts": (FOREIGN_ACCOUNT,)}),
        Example("managed by AWS", replace(KMS_KEY, manager="AWS", unread={"grants": "not asked"}), "not_applicable"),
        Example("unread", replace(KMS_KEY, unread={"grants": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
