"""Systems that get no security updates any more.

Vulnerabilities found from now on stay open for good, and no advisory will say so.
"""

from datetime import datetime

from poise.model import Category, Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.host.vulnerabilities import Vulnerabilities
from poise.model.moment import moment_of
from poise.model.samples.host_vulnerabilities import UP_TO_DATE


def evaluate(record: Vulnerabilities, now: datetime) -> Verdict:
    end = record.end_of_life
    if end is None:
        return unknown("it is not known until when this system gets security updates")
    if moment_of(end) <= now:
        return unhealthy(f"its security support ended on {end}", end)
    return healthy(f"it gets security updates until {end}", end, moment_of(end))


CHECK = Check(
    title="Machines should run a system that gets security updates",
    asset=Vulnerabilities,
    severity=Severity.HIGH,
    since="0.2",
    source="https://endoflife.date/docs/api/v1/",
    evaluate=evaluate,
    fix=Fix(
        console="Move to a release that gets security updates, or buy its extended support.",
        cli="""
# Debian, Ubuntu: edit the release in /etc/apt/sources.list.d, then
apt-get update && apt-get full-upgrade
""",
        terraform="# Build machine images anew on a schedule, so that every machine starts with present packages.",
        impact="A new release of the system is a migration: plan it.",
    ),
    category=Category.VULNERABILITY,
    examples=(
        Example("supported", UP_TO_DATE, "healthy", "until 2028-08-09"),
        Example("ended", replace(UP_TO_DATE, end_of_life="2024-06-30"), "unhealthy", "ended on 2024-06-30"),
        Example("unknown system", replace(UP_TO_DATE, end_of_life=None), "unknown", "not known"),
        Example("unread", replace(UP_TO_DATE, unread={"end_of_life": "no os-release"}), "unknown", "no os-release"),
    ),
)
