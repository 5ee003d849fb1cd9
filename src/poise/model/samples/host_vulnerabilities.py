"""The vulnerabilities of an ordinary machine that is up to date, and one of each sort that it might have."""

from poise.model.asset import replace
from poise.model.host.vulnerabilities import Cvss, KnownVulnerability, Source, Unmatched, Vulnerabilities

UP_TO_DATE = Vulnerabilities(
    id="host://web-1#vulnerabilities",
    name="web-1",
    scope="on-premises",
    region="global",
    tags={},
    machine="host://web-1",
    found=(),
    matched=168,
    unmatched=(),
    owned=3,
    index_date="2026-11-25T03:00:00+00:00",
    kev_date="2026-11-25T03:00:00+00:00",
    epss_date="2026-11-25T03:00:00+00:00",
    end_of_life="2028-08-09",
)
LOG4SHELL = KnownVulnerability(
    id="CVE-2021-44228",
    aliases=("GHSA-jfh8-c2jp-5v3q",),
    package="org.apache.logging.log4j:log4j-core",
    version="2.14.1",
    ecosystem="Maven",
    purl="pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
    status="affected",
    booted=True,
    fixed_in="2.15.0",
    severity="critical",
    cvss=Cvss(vector="CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", score=10.0),
    epss=0.94,
    kev=True,
    published="2021-12-10",
    sources=(Source(advisory="GHSA-jfh8-c2jp-5v3q", feed="osv-Maven", status="affected", note=""),),
    places=("/opt/app/app.jar!/BOOT-INF/lib/log4j-core-2.14.1.jar",),
)
UNMATCHED = Unmatched(ecosystem="deb", packages=168, reason="distribution unknown: not matched")


def with_found(*found: KnownVulnerability) -> Vulnerabilities:
    """Return the machine with these vulnerabilities."""
    return replace(UP_TO_DATE, found=found)
