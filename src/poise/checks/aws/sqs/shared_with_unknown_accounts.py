"""Queues whose policy lets other accounts in.

The other account decides itself who then reads or sends messages. Accounts that may be there are named in the
parameter.
"""

from poise.model import Check, Example, Fix, Inventory, Parameter, Severity, Verdict, replace
from poise.model.aws.sqs import SqsQueue
from poise.model.samples.aws import FOREIGN_ACCOUNT
from poise.model.samples.aws_sharing import NOT_UNDERSTOOD, OTHER, QUEUE, granting
from poise.policy.aws.exposed import policy_exposed
from poise.policy.aws.sharing import shared_verdict


def evaluate(queue: SqsQueue, inventory: Inventory, trusted_accounts: tuple[str, ...]) -> Verdict:
    return shared_verdict(policy_exposed(queue.policy, queue.scope, inventory, frozenset(trusted_accounts)))


SHARED = replace(QUEUE, policy=granting(OTHER, "sqs:SendMessage"))
OPEN = replace(QUEUE, policy=granting("*", "sqs:SendMessage"))

CHECK = Check(
    title="SQS queues should be shared with known accounts only",
    asset=SqsQueue,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
    evaluate=evaluate,
    parameters=(Parameter("trusted_accounts", (), "Account ids that may be named in the policies."),),
    fix=Fix(
        console="Open the queue {name} in the SQS console, tab Queue policies, Edit; take out the other account, or add it to the check's trusted accounts.",
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
        impact="The other account can no longer use it; ask its owner first.",
    ),
    examples=(
        Example("as it should be", QUEUE, "healthy"),
        Example("another account", SHARED, "unhealthy", FOREIGN_ACCOUNT),
        Example("a known account", SHARED, "healthy", parameters={"trusted_accounts": (FOREIGN_ACCOUNT,)}),
        Example("open to everyone", OPEN, "not_applicable", "another check"),
        Example("not understood", replace(QUEUE, policy=NOT_UNDERSTOOD), "unknown"),
        Example("unread", replace(QUEUE, unread={"policy": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
