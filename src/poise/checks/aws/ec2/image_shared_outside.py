"""Machine images that are shared with accounts nobody named as trusted.

An account that may start machines from an image may copy the whole disk and keep it. Sharing with organizations and
their units is not judged here.
"""

from poise.model import Check, Example, Fix, Parameter, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.ec2 import MachineImage
from poise.model.samples.aws import FOREIGN_ACCOUNT
from poise.model.samples.aws_ec2 import IMAGE

TRUSTED = Parameter("trusted_accounts", (), "Accounts that images may be shared with.")
SHARED = replace(IMAGE, shared_with_accounts=(FOREIGN_ACCOUNT,))


def evaluate(image: MachineImage, trusted_accounts: tuple[str, ...]) -> Verdict:
    others = sorted(set(image.shared_with_accounts) - {image.scope, *trusted_accounts})
    if not others and "all" in image.shared_with_groups:
        return not_applicable("shared with every account: another check reports that")
    if not others:
        return healthy("shared with no account that is not trusted")
    return unhealthy(f"shared with account {', '.join(others)}", seen=others)


CHECK = Check(
    title="Machine images (AMIs) should be shared with trusted accounts only",
    asset=MachineImage,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-explicit.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the image {name} in the EC2 console, Actions, Edit AMI permissions; remove the accounts. Accounts of your own: add them to the parameter trusted_accounts.",
        cli="""
# IMAGE_ID is the end of {id}
aws ec2 modify-image-attribute --region {region} --image-id IMAGE_ID --launch-permission 'Remove=[{UserId=ACCOUNT}]'
""",
        terraform="# remove the resource aws_ami_launch_permission of {name} from the configuration and apply",
        impact="The accounts can no longer start machines from it; copies that they made stay with them.",
    ),
    parameters=(TRUSTED,),
    examples=(
        Example("public", replace(IMAGE, shared_with_groups=("all",)), "not_applicable", "another check"),
        Example("private", IMAGE, "healthy"),
        Example("shared", SHARED, "unhealthy", FOREIGN_ACCOUNT),
        Example("shared with a trusted account", SHARED, "healthy", parameters={"trusted_accounts": (FOREIGN_ACCOUNT,)}),
        Example("unread", replace(IMAGE, unread={"shared_with_accounts": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
