"""Queues whose messages lie unencrypted.

Messages often carry what databases encrypt: orders, addresses, tokens. SQS encrypts with keys of its own at no cost, or
with a key of KMS whose policy you write.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.sqs import SqsQueue
from poise.model.samples.aws_sharing import KEY_ID, QUEUE


def evaluate(queue: SqsQueue) -> Verdict:
    if "managed_encryption" not in queue.unread and queue.managed_encryption:
        return healthy("SQS encrypts it with keys of its own")
    if queue.encryption_key is not None:
        return healthy("it is encrypted with a key of KMS", seen=queue.encryption_key)
    return unhealthy("its messages are not encrypted", seen=queue.managed_encryption)


CHECK = Check(
    title="SQS queues should be encrypted",
    asset=SqsQueue,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/sqs-controls.html#sqs-1",
    evaluate=evaluate,
    fix=Fix(
        console="Open the queue {name} in the SQS console, Edit, Encryption, Enabled, Save.",
        cli="aws sqs set-queue-attributes --region {region} --queue-url QUEUE_URL --attributes SqsManagedSseEnabled=true",
        terraform="""
resource "aws_sqs_queue" "this" {
  name                    = "{name}"
  sqs_managed_sse_enabled = true
}
""",
    ),
    examples=(
        Example("keys of SQS", QUEUE, "healthy"),
        Example("a key of KMS", replace(QUEUE, managed_encryption=False, encryption_key=KEY_ID), "healthy"),
        Example("neither", replace(QUEUE, managed_encryption=False), "unhealthy"),
        Example(
            "unread",
            replace(QUEUE, unread=dict.fromkeys(("managed_encryption", "encryption_key"), "denied")),
            "unknown",
        ),
    ),
)
