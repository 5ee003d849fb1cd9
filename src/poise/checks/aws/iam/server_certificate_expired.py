"""TLS certificates in IAM that have expired.

Clients refuse the service that shows one, or learn to click warnings away. One that is in no use can be bound to a load
balancer by mistake.
"""

from datetime import datetime, timedelta

from poise.model import Check, Example, Fix, Parameter, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.iam import IamServerCertificate
from poise.model.moment import moment_of
from poise.model.samples.aws_iam import IAM_SERVER_CERTIFICATE


def evaluate(certificate: IamServerCertificate, now: datetime, ahead_days: int) -> Verdict:
    end = moment_of(certificate.expires)
    if now >= end:
        return unhealthy(f"it expired on {end.date()}", seen=certificate.expires)
    if now >= end - timedelta(days=ahead_days):
        return unhealthy(f"it expires on {end.date()}", certificate.expires, end)
    return healthy("it is valid", certificate.expires, end - timedelta(days=ahead_days))


ENDED = replace(IAM_SERVER_CERTIFICATE, expires="2026-11-20T12:00:00+00:00")
ENDING = replace(IAM_SERVER_CERTIFICATE, expires="2026-12-01T12:00:00+00:00")

CHECK = Check(
    title="TLS certificates in IAM should be valid",
    asset=IamServerCertificate,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_server-certs.html",
    evaluate=evaluate,
    fix=Fix(
        console="Request a certificate in AWS Certificate Manager, which renews itself, bind it to the load balancer or "
        "distribution, then delete the old one (command line only).",
        cli="aws iam delete-server-certificate --server-certificate-name {name}",
        terraform="# Replace the aws_iam_server_certificate {name} by an aws_acm_certificate.",
        impact="A load balancer that still shows the certificate must get the new one first.",
    ),
    parameters=(Parameter("ahead_days", 0, "Days before its end at which it is reported.", 0, 365),),
    examples=(
        Example("valid", IAM_SERVER_CERTIFICATE, "healthy"),
        Example("expired", ENDED, "unhealthy", "2026-11-20"),
        Example("ends soon", ENDING, "healthy"),
        Example("ends soon, wanted ahead", ENDING, "unhealthy", "expires on 2026-12-01", parameters={"ahead_days": 30}),
        Example("unread", replace(IAM_SERVER_CERTIFICATE, unread={"expires": "cut"}), "unknown", "cut"),
    ),
)
