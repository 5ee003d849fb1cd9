"""Secrets that nobody renews automatically.

A password that stays the same for years is in notes, logs and the heads of former colleagues. Secrets Manager renews
it together with the database that it opens.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.secretsmanager import Secret
from poise.model.samples.aws_sharing import SECRET


def evaluate(secret: Secret) -> Verdict:
    if "owning_service" not in secret.unread and secret.owning_service is not None:
        return not_applicable(f"{secret.owning_service} keeps and renews it")
    if secret.rotation_enabled:
        return healthy("it is renewed automatically", seen=secret.rotation_enabled)
    return unhealthy("nothing renews it automatically")


CHECK = Check(
    title="Secrets should be renewed automatically",
    asset=Secret,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/secretsmanager-controls.html#secretsmanager-1",
    evaluate=evaluate,
    fix=Fix(
        console="Open the secret {name} in the Secrets Manager console, Rotation, Edit rotation, Automatic rotation.",
        cli="aws secretsmanager rotate-secret --region {region} --secret-id {id} --rotation-lambda-arn FUNCTION_ARN "
        "--rotation-rules AutomaticallyAfterDays=30",
        terraform="""
resource "aws_secretsmanager_secret_rotation" "this" {
  secret_id           = "{id}"
  rotation_lambda_arn = aws_lambda_function.rotation.arn
  rotation_rules {
    automatically_after_days = 30
  }
}
""",
        impact="Programs that keep a copy of the secret fail after the first renewal: let them read it each time.",
    ),
    examples=(
        Example("renewed", SECRET, "healthy"),
        Example("not renewed", replace(SECRET, rotation_enabled=False), "unhealthy"),
        Example("kept by a service", replace(SECRET, rotation_enabled=False, owning_service="rds"), "not_applicable"),
        Example("unread", replace(SECRET, unread={"rotation_enabled": "denied"}), "unknown", "denied"),
    ),
)
