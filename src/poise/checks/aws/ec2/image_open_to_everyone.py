"""Machine images that every AWS account may use.

An image holds a whole disk: programs, configuration, keys that were forgotten in it. Public images are listed for
all, and searched by people who look for just that.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.ec2 import MachineImage
from poise.model.samples.aws_ec2 import IMAGE


def evaluate(image: MachineImage) -> Verdict:
    if image.public:
        return unhealthy("every account may start machines from it", seen=True)
    return healthy("not public")


CHECK = Check(
    title="Machine images (AMIs) should not be public",
    asset=MachineImage,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-intro.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the image {name} in the EC2 console, Actions, Edit AMI permissions, Private. Then switch on Block public access for AMIs in the settings of the region.",
        cli="""
# IMAGE_ID is the end of {id}
aws ec2 modify-image-attribute --region {region} --image-id IMAGE_ID --launch-permission 'Remove=[{Group=all}]'
aws ec2 enable-image-block-public-access --region {region} --image-block-public-access-state block-new-sharing
""",
        terraform="""
resource "aws_ec2_image_block_public_access" "this" {
  state = "block-new-sharing"
}
""",
        impact="Others can no longer start machines from it. Take what was in it as known: change keys and passwords.",
    ),
    examples=(
        Example("private", IMAGE, "healthy"),
        Example("public", replace(IMAGE, public=True, shared_with_groups=("all",)), "unhealthy"),
        Example("unread", replace(IMAGE, unread={"public": "malformed"}), "unknown", "malformed"),
    ),
)  # fmt: skip
