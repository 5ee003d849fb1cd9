"""Databases whose TLS certificate has ended, or soon ends.

Clients that check the certificate can no longer connect, and those that do not check talk to anyone. The certificate
is changed by choosing a newer authority.
"""

from datetime import UTC, datetime, timedelta

from poise.model import (
    Check,
    Example,
    Fix,
    Parameter,
    Severity,
    Verdict,
    healthy,
    not_applicable,
    replace,
    unhealthy,
    unknown,
)
from poise.model.aws.rds import RdsInstance
from poise.model.moment import moment_of
from poise.model.samples.aws_rds import RDS_INSTANCE

AUTHORITY_ENDS = {
    "rds-ca-2010": datetime(2015, 4, 5, tzinfo=UTC),
    "rds-ca-2015": datetime(2020, 3, 5, tzinfo=UTC),
    "rds-ca-2019": datetime(2024, 8, 22, tzinfo=UTC),
}
"""When AWS's old authorities ended (RDS User Guide, "Using SSL/TLS to encrypt a connection", read in 2026)."""
CURRENT = ("rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1")
"""Authorities that last until 2061 and later."""


def evaluate(database: RdsInstance, now: datetime, warn_days: int) -> Verdict:
    if database.certificate_authority is None:
        return not_applicable("the instance has no certificate")
    end = AUTHORITY_ENDS.get(database.certificate_authority) or _own_end(database)
    if end is None and database.certificate_authority not in CURRENT:
        return unknown(f"AWS does not say when a certificate of {database.certificate_authority} ends")
    if end is None:
        return healthy("the certificate comes from a current authority", seen=database.certificate_authority)
    warned = end - timedelta(days=warn_days)
    if now >= end:
        return unhealthy(f"the certificate ended on {end:%Y-%m-%d}", seen=database.certificate_authority)
    if now >= warned:
        return unhealthy(f"the certificate ends on {end:%Y-%m-%d}", seen=f"{end:%Y-%m-%d}", next_change_at=end)
    return healthy(f"the certificate is good until {end:%Y-%m-%d}", seen=f"{end:%Y-%m-%d}", next_change_at=warned)


def _own_end(database: RdsInstance) -> datetime | None:
    till = database.certificate_valid_till
    return moment_of(till).astimezone(UTC) if till is not None else None


ENDING = replace(RDS_INSTANCE, certificate_valid_till="2026-12-10T00:00:00+00:00")


CHECK = Check(
    title="RDS instances should have a valid certificate",
    asset=RdsInstance,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html",
    evaluate=evaluate,
    parameters=(Parameter("warn_days", 30, "Days before the end from which it is reported.", lowest=0, highest=365),),
    fix=Fix(
        console="Give clients the new root certificates, then open the database {name} in the RDS console, Modify, Certificate authority, rds-ca-rsa2048-g1, Continue.",
        cli="aws rds modify-db-instance --region {region} --db-instance-identifier {name} --ca-certificate-identifier rds-ca-rsa2048-g1 --apply-immediately",
        terraform="""
resource "aws_db_instance" "this" {
  identifier         = "{name}"
  ca_cert_identifier = "rds-ca-rsa2048-g1"
}
""",
        impact="Clients that trust only the old authority fail to connect; some engines restart.",
    ),
    examples=(
        Example("long valid", RDS_INSTANCE, "healthy", "2061"),
        Example(
            "old authority",
            replace(RDS_INSTANCE, certificate_authority="rds-ca-2019", certificate_valid_till=None),
            "unhealthy",
            "2024-08-22",
        ),
        Example("ends soon", ENDING, "unhealthy", "ends on 2026-12-10"),
        Example(
            "has ended",
            replace(ENDING, certificate_valid_till="2026-01-01T00:00:00+00:00"),
            "unhealthy",
            "ended on 2026-01-01",
        ),
        Example("end not said", replace(RDS_INSTANCE, certificate_valid_till=None), "healthy", "current authority"),
        Example(
            "an authority that is not known, end not said",
            replace(RDS_INSTANCE, certificate_authority="rds-ca-2031", certificate_valid_till=None),
            "unknown",
            "rds-ca-2031",
        ),
        Example("no certificate", replace(RDS_INSTANCE, certificate_authority=None), "not_applicable"),
        Example(
            "unread", replace(RDS_INSTANCE, unread={"certificate_authority": "AccessDenied"}), "unknown", "AccessDenied"
        ),
    ),
)
