"""Every screen in a real browser: no error, no violation, no foreign request, accessible, no sideways scroll."""

from urllib.parse import quote

import pytest

from poise.model import State
from poise.model.samples.azure_subscription import SUBSCRIPTION
from tests.browser import axe
from tests.web.estate import HOSTILE, OPEN, POLICY, ROOT
from tests.web.places import a_finding

pytestmark = pytest.mark.server

SCREENS = {
    "overview": "/",
    "nothing judged": f"/?scope={SUBSCRIPTION}",
    "score": "/score",
    "no score": f"/score?scope={SUBSCRIPTION}",
    "recommendations": "/recommendations",
    "by asset": "/recommendations?view=asset&risk=critical",
    "flat": "/recommendations?view=flat&risk=critical&q=a",
    "no match": "/recommendations?q=nothing-bears-this-name",
    "recommendation": f"/recommendations/{OPEN}",
    "action": f"/recommendations/{OPEN}?tab=action",
    "rule": f"/recommendations/{ROOT}?tab=rule",
    "finding": "unhealthy",
    "finding evidence": "unhealthy?tab=evidence",
    "finding history": "unhealthy?tab=history",
    "unknown finding": "unknown",
    "inventory": "/inventory",
    "asset": f"/inventory/{quote('arn:aws:s3:::' + HOSTILE[0], safe='')}",
    "asset changes": "/inventory/arn:aws:s3:::shop-data-05?tab=changes",
    "asset record": f"/inventory/{quote('arn:aws:s3:::' + HOSTILE[3], safe='')}?tab=raw",
    "compliance": "/compliance?compare=nist_800_53_r5&with=cis_aws_6.0",
    "standard": "/compliance/cis_aws_6.0",
    "large standard": "/compliance/nist_800_53_r5?state=failed",
    "standard then": "/compliance/cis_aws_6.0?as_of=2026-11-21&since=2026-11-20",
    "control": "/compliance/cis_aws_6.0/controls/3.1.1",
    "governance": "/governance",
    "rules": "/governance/rules?new=yes",
    "rule previewed": "/governance/rules?name=all&priority=5&days=14&owner=ann%40example.org",
    "digest": "/governance/digest",
    "exemptions": "/governance/exemptions?new=yes",
    "exemption previewed": f"/governance/exemptions?name=one&checks={OPEN}&reason=x&approver=ann&until=2099-01-31",
    "notifications": "/settings/notifications",
    "assign": f"/act?what=assign&check={OPEN}",
    "exempt": f"/act?what=exempt&check={OPEN}",
    "again": f"/act?what=again&check={OPEN}",
    "tickets": f"/act?what=ticket&check={OPEN}",
    "asset graph": "/inventory/arn:aws:s3:::shop-data-05?tab=graph",
    "explorer": "/explorer?q=find+AWS%3A%3AS3%3A%3ABucket+where+name+exists+-%5Bany%5D-+%28anything%29",
    "explorer graph": "/explorer?q=find+anything&view=graph",
    "explorer error": "/explorer?q=find+anything+wher+x",
    "explorer ready": "/explorer?tab=ready",
    "explorer paths": "/explorer?tab=paths",
    "scans": "/scans",
    "scan": "/scans/1",
    "search": "/search?q=shop",
    "checks": "/checks",
    "help": "/help",
    "api": "/api/v1/docs",
}


def address(workspace, name: str) -> str:
    """Return the address of a screen; findings are looked up."""
    path = SCREENS[name]
    if path.startswith("unhealthy"):
        return path.replace("unhealthy", f"/findings/{a_finding(workspace, State.UNHEALTHY, OPEN)}")
    if path == "unknown":
        return f"/findings/{a_finding(workspace, State.UNKNOWN, POLICY)}"
    return path


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_accessible_in_both_themes_and_fits_a_narrow_window(reader, pages_workspace, name):
    reader.assert_holds(address(pages_workspace, name))


def test_a_page_that_is_not_there_is_accessible(context, site):
    page = context.new_page()
    page.goto("/nope")
    assert axe(page) == []
    assert page.get_by_role("heading", level=1).count() == 1
