"""Every address that has a page, for tests that hold for all of them."""

from urllib.parse import quote

from poise.app import queries
from poise.model import State
from poise.model.listings import FindingFilter
from poise.model.samples.azure_storage import STORAGE_ACCOUNT
from tests.web.estate import HOSTILE, OPEN, POLICY, ROOT

BUCKET = "arn:aws:s3:::shop-data-05"


def addresses(workspace) -> list[str]:
    """List the addresses of all screens, with their views and tabs."""
    bad = a_finding(workspace, State.UNHEALTHY, OPEN)
    unknown = a_finding(workspace, State.UNKNOWN, POLICY)
    hostile = quote(f"arn:aws:s3:::{HOSTILE[0]}", safe="")
    return [
        "/",
        "/?days=7",
        "/score",
        "/recommendations",
        "/recommendations?view=asset",
        "/recommendations?view=flat",
        "/recommendations?q=nothing-bears-this-name",
        f"/recommendations/{OPEN}",
        f"/recommendations/{OPEN}?verdict=healthy",
        f"/recommendations/{OPEN}?tab=action",
        f"/recommendations/{ROOT}?tab=rule",
        f"/findings/{bad}",
        f"/findings/{bad}?tab=evidence",
        f"/findings/{bad}?tab=history",
        f"/findings/{bad}?tab=rule",
        f"/findings/{unknown}",
        "/inventory",
        f"/inventory/{BUCKET}",
        f"/inventory/{BUCKET}?tab=changes",
        f"/inventory/{BUCKET}?tab=raw",
        f"/inventory/{hostile}",
        f"/inventory/{hostile}?tab=raw",
        f"/inventory/{quote(STORAGE_ACCOUNT.id, safe='')}",
        "/compliance",
        "/compliance?all=yes&compare=nist_800_53_r5&with=cis_aws_6.0",
        "/compliance/cis_aws_6.0",
        "/compliance/cis_aws_6.0?state=failed&open=2,2.1",
        "/compliance/cis_aws_6.0?as_of=2026-11-21&since=2026-11-20",
        "/compliance/cis_aws_6.0?as_of=2999-01-01&since=x",
        "/compliance/nist_800_53_r5?q=no-such-control",
        "/compliance/cis_aws_6.0/controls/3.1.1",
        "/governance",
        "/governance?view=rule",
        "/governance?view=account",
        "/governance/rules",
        "/governance/rules?name=all&priority=5&days=14&owner=ann%40example.org",
        "/governance/rules?name=all&priority=5&days=x",
        "/governance/digest",
        "/governance/exemptions",
        f"/governance/exemptions?name=one&checks={OPEN}&reason=x&approver=ann&until=2099-01-31",
        "/governance/exemptions?name=one&until=never&note=unused",
        "/governance/groups",
        "/governance/groups?name=shop&text=shop&query=find+AWS%3A%3AS3%3A%3ABucket+where+tag.app+%3D+shop",
        "/governance/groups?name=shop&query=find+AWS%3A%3AS3%3A%3ABucket%0Awher+name",
        "/settings/notifications",
        f"/act?what=assign&check={OPEN}",
        f"/act?what=exempt&finding={bad}",
        f"/act?what=again&asset={BUCKET}",
        "/act?what=ticket&finding=nothing",
        "/act",
        "/recommendations?view=flat&due=unassigned",
        "/inventory/software",
        f"/inventory/{BUCKET}?tab=graph",
        f"/inventory/{BUCKET}?tab=graph&hops=2",
        f"/inventory/{hostile}?tab=graph",
        "/explorer",
        "/explorer?q=find+anything&view=graph",
        "/explorer?q=find+AWS%3A%3AS3%3A%3ABucket+-%5Bany%5D-+%28anything+where+name+exists+and+%28has+finding+or+not+tag.a+%3D+b%29%29",
        "/explorer?q=find+anything+wher+name",
        "/explorer?tab=ready",
        "/explorer?tab=paths",
        "/custom-checks",
        "/custom-checks?kind=AWS%3A%3AIAM%3A%3AUser",
        f"/explorer?tab=paths&from=internet&to={quote(BUCKET, safe='')}",
        "/scans",
        "/scans/machines",
        "/scans/1",
        "/search",
        "/search?q=shop",
        "/checks",
        "/help",
        "/api/v1/docs",
    ]


def a_finding(workspace, state: State, check: str) -> str:
    """Return the id of one finding of a check."""
    wanted = FindingFilter(states=frozenset({state}), checks=frozenset({check}))
    return queries.findings(workspace, wanted).rows[0].id
