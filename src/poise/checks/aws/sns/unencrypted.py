"""Topics whose messages lie unencrypted.

A message waits on disk until every subscriber has it. Only a key of KMS encrypts it there.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.sns import SnsTopic
from poise.model.samples.aws_sharing import TOPIC


def evaluate(topic: SnsTopic) -> Verdict:
    if topic.encryption_key is not None:
        return healthy("it is encrypted with a key of KMS", seen=topic.encryption_key)
    return unhealthy("its messages are not encrypted")


CHECK = Check(
    title="SNS topics should be encrypted",
    asset=SnsTopic,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/sns-controls.html#sns-1",
    evaluate=evaluate,
    fix=Fix(
        console="Open the topic {name} in the SNS console, Edit, Encryption, Enable, choose a key, Save changes.",
        cli="aws sns set-topic-attributes --region {region} --topic-arn {id} --attribute-name KmsMasterKeyId "
        "--attribute-value KEY_ID",
        terraform="""
resource "aws_sns_topic" "this" {
  name              = "{name}"
  kms_master_key_id = aws_kms_key.topic.id
}
""",
        impact="Services that publish to the topic need the right to use the key, by its key policy.",
    ),
    examples=(
        Example("a key", TOPIC, "healthy"),
        Example("none", replace(TOPIC, encryption_key=None), "unhealthy"),
        Example("unread", replace(TOPIC, unread={"encryption_key": "denied"}), "unknown", "denied"),
    ),
)
