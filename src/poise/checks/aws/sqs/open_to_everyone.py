"""Queues whose policy lets everyone in.

Strangers read what is queued, or put in what your programs then work off as if it were yours. A policy that names
everyone is safe only with a condition that names the own account, organization or source.
"""

from poise.model import Check, Example, Fix, Inventory, Severity, Verdict, replace
from poise.model.aws.sqs import SqsQueue
from poise.model.samples.aws_sharing import NOT_UNDERSTOOD, OTHER, OWN, QUEUE, granting
from poise.policy.aws.exposed import policy_exposed
from poise.policy.aws.sharing import open_verdict


def evaluate(queue: SqsQueue, inventory: Inventory) -> Verdict:
    return open_verdict(policy_exposed(queue.policy, queue.scope, inventory))


ACTION = "sqs:SendMessage"
OPEN = replace(QUEUE, policy=granting("*", ACTION))
FROM_ANY_SOURCE = granting("*", ACTION, {"StringLike": {"aws:SourceArn": "arn:aws:*:*:*:*"}})

CHECK = Check(
    title="SQS queues should not be open to everyone",
    asset=SqsQueue,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the queue {name} in the SQS console, tab Queue policies, Edit; replace * as principal by the accounts and roles that need it.",
        cli="""
aws sqs get-queue-attributes --region {region} --queue-url QUEUE_URL --attribute-names Policy
# correct the policy in attributes.json, then:
aws sqs set-queue-attributes --region {region} --queue-url QUEUE_URL --attributes file://attributes.json
""",
        terraform="""
resource "aws_sqs_queue_policy" "this" {
  queue_url = aws_sqs_queue.this.url
  policy    = data.aws_iam_policy_document.queue.json
}
""",
        impact="Who came in by the open statement is kept out.",
    ),
    examples=(
        Example("as it should be", QUEUE, "healthy"),
        Example("no policy", replace(QUEUE, policy=None), "healthy"),
        Example("the own account", replace(QUEUE, policy=granting(OWN, ACTION)), "healthy"),
        Example("another account", replace(QUEUE, policy=granting(OTHER, ACTION)), "healthy"),
        Example("everyone", OPEN, "unhealthy", "anyone"),
        Example("sources of any account", replace(QUEUE, policy=FROM_ANY_SOURCE), "unhealthy", "anyone"),
        Example("not understood", replace(QUEUE, policy=NOT_UNDERSTOOD), "unknown"),
        Example("unread", replace(QUEUE, unread={"policy": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
