"""Whoever sees one team's part of the sample estate walks every page and every question of the API.

Nothing they meet may name an asset, an owner, a rule or an exemption of somebody else, and nothing may be offered that
is refused. What is somebody else's follows from the tags that the estate was recorded with: the team that they name.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup

from poise.app import exemptions, governing, groups, queries
from poise.app.demo import as_recorded, open_estate
from poise.app.graph import graph_of
from poise.app.paths import paths
from poise.app.scan import ScanOptions, scan
from poise.app.workspace import open_workspace
from poise.model.asset import to_json
from poise.model.exemption import Covers, Exemption, Kind
from poise.model.governance import OwnerSource, Place, Rule
from poise.model.group import Group, GroupKind, Wanted
from poise.model.listings import AssetFilter, FindingFilter
from poise.web import bundle
from poise.web.limited import is_refused
from poise.web.server import create_app
from tests.web.visitor import Visitor

MINE, OTHERS = "shop", ("data", "office", "finance")
LISTED = {"tab", "view", "format", "what", "formula"}
"""Parameters whose value decides what kind of page it is; the others narrow or order what it lists."""
SECRET = "known to the %s team alone"


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The sample estate with groups, rules and exemptions of four teams, as who sees everything has it."""
    if bundle.missing_assets():
        pytest.skip(bundle.missing_assets())
    with open_workspace(tmp_path_factory.mktemp("viewers") / "poise.db") as opened:
        workspace = as_recorded(opened)
        scan(workspace, open_estate(workspace), ScanOptions())
        for number, team in enumerate((MINE, *OTHERS)):
            name = f"{team}-people"
            groups.put(
                workspace, Group(name=name, kind=GroupKind.TEAM, wanted=Wanted(tags={"team": team}), changed_by="ann")
            )
            lead = OwnerSource(address=f"lead-of-{team}@example.org")
            governing.add(
                workspace,
                Rule(name=f"rule-of-{team}", priority=number, scope=Place(groups=(name,)), owner=lead, days=30),
                "ann",
            )
            exemptions.add(workspace, _exemption(workspace, team, name), "ann")
        graph_of(workspace)
        yield workspace


def _exemption(workspace, team: str, group: str) -> Exemption:
    return Exemption(
        name=f"waiver-of-{team}",
        kind=Kind.WAIVER,
        covers=Covers(checks=("aws.s3",), groups=(group,)),
        reason=SECRET % team,
        approver=f"chief-of-{team}@example.org",
        until=workspace.clock() + timedelta(days=30),
        added_by="ann",
    )


@pytest.fixture(scope="module")
def limited(sample):
    seen = replace(sample, viewer=frozenset({f"group:{MINE}-people"}))
    return seen, Visitor(create_app(seen))


def assets_of(workspace):
    return [row.asset for row, _ in workspace.store.assets.all(workspace.viewer, AssetFilter())]


def hidden(sample, seen) -> set[str]:
    """Return what may not be read: words that nothing that may be seen holds."""
    mine = assets_of(seen)
    records = [to_json(queries.asset(seen, one.id).asset) for one in mine]
    told = json.dumps([records, [scope.name for scope in queries.coverage(seen).scopes]])
    theirs = {asset.id: asset.name for asset in assets_of(sample)}
    words = {word for pair in theirs.items() for word in pair if len(word) > 8 and set(word) & set("-.:/")}
    kinds = ("lead-of-%s@", "rule-of-%s", "waiver-of-%s", "chief-of-%s@", "%s-people", SECRET)
    words |= {kind % team for kind in kinds for team in OTHERS}
    return {word for word in words if word not in told}


def form_of(address: str) -> str:
    """Return the form of an address: what is named in it left out."""
    parts = urlsplit(address)
    steps = parts.path.split("/")
    steps = [*steps[:2], *("*" if set(step) & set("0123456789.:%") else step for step in steps[2:])]
    steps = [*steps[:2], "*"] if steps[1] == "inventory" and len(steps) > 2 else steps
    fields = [pair.partition("=") for pair in parts.query.split("&") if pair]
    return "/".join(steps) + "?" + "&".join(sorted(n + v for n, _, v in fields if n in LISTED))


def walk(visitor: Visitor, first: list[str]):
    """Yield address, answer, page of everything that links lead to, one of each form."""
    waiting, known, met = [*first], set(first), set()
    while waiting:
        address = waiting.pop(0)
        form = form_of(address)
        if form in met:
            continue
        met.add(form)
        answer = visitor.get(address)
        is_page = "text/html" in answer.headers.get("content-type", "")
        page = BeautifulSoup(answer.text, "html.parser") if is_page else None
        yield address, answer, page
        for link in targets(address, page) if page else ():
            if link not in known:
                known.add(link)
                waiting.append(link)


def targets(address: str, page: BeautifulSoup) -> list[str]:
    """Return where the links and the asking forms of a page lead."""
    found = [a["href"] for a in page.select("a[href]")] + [e["hx-get"] for e in page.select("[hx-get]")]
    found += [f.get("action") or address for f in page.select("form:not([method=post])")]
    return [urljoin(address, one).partition("#")[0] for one in found if one.startswith(("/", "?"))]


def offered(address: str, page: BeautifulSoup) -> set[tuple[str, str]]:
    """Return the method and the path of what a page offers."""
    asks = {("GET", urlsplit(one).path) for one in targets(address, page)}
    sends = {("POST", urlsplit(f.get("action") or address).path) for f in page.select("form[method=post]")}
    return asks | sends | {("POST", str(e)[:80]) for e in page.select("[hx-post], [hx-put], [hx-delete], [formaction]")}


def told(text: str, words: set[str]) -> set[str]:
    return {word for word in words if word in text or quote(word, safe="") in text}


def of_everything(sample, seen) -> list[str]:
    """List the addresses of things, own and foreign ones: a link to them need not be on any page."""
    mine, all_assets = assets_of(seen), assets_of(sample)
    foreign = [asset for asset in all_assets if asset.id not in {one.id for one in mine}]
    chosen = [*{asset.kind: asset for asset in mine}.values()]
    tabs = ("", "?tab=changes", "?tab=raw", "?tab=graph&hops=2", "?tab=exposure", "?tab=software", "?tab=scan")
    found = [f"/inventory/{quote(asset.id, safe='')}{tab}" for asset in chosen for tab in tabs]
    for asset in [*chosen, *foreign[:5]]:
        found += [f"/api/v1/assets/{quote(asset.id, safe='')}", f"/api/v1/history?id={quote(asset.id, safe='')}"]
    rows = [*seen.store.findings.all(seen.viewer, FindingFilter())][:3]
    rows += [row for row in sample.store.findings.all(None, FindingFilter()) if row.asset.id == foreign[0].id][:2]
    found += [f"/api/v1/findings/{row.id}" for row in rows] + [f"/api/v1/history?id={row.id}" for row in rows]
    for path in [*paths(seen)[:3], *paths(sample)[:3]]:
        found += [f"/api/v1/paths/{path['id']}", f"/api/v1/paths/{path['id']}/fixes", f"/attack-paths/{path['id']}"]
    return found


def of_the_api(sample) -> list[str]:
    described = create_app(sample).openapi()["paths"]
    plain = [path for path, methods in described.items() if "get" in methods and "{" not in path]
    forms = ("{}", "{}?scope=group:data-people", "{}?format=csv")
    return [form.format(path) for path in plain for form in forms]


def test_nothing_that_a_viewer_meets_names_what_is_hidden(sample, limited):
    seen, visitor = limited
    words = hidden(sample, seen)
    assert len(words) > 300
    leaks = {}
    for address in (*of_everything(sample, seen), *of_the_api(sample)):
        answer = visitor.get(address)
        assert answer.status_code < 500, address
        if found := told(answer.text, words) - told(unquote(address), words):
            leaks[address] = sorted(found)[:5]
    assert not leaks


def test_every_link_leads_somewhere_and_nothing_is_offered_that_is_refused(sample, limited):
    seen, visitor = limited
    words = hidden(sample, seen)
    refused, broken, leaks, count = {}, {}, {}, 0
    for address, answer, page in walk(visitor, ["/"]):
        count += 1
        if answer.status_code not in (200, 303):
            broken[address] = answer.status_code
        if found := told(answer.text, words) - told(unquote(address), words):
            leaks[address] = sorted(found)[:5]
        if page and (bad := {one for one in offered(address, page) if is_refused(*one)}):
            refused[address] = sorted(bad)
    assert (refused, broken, leaks) == ({}, {}, {})
    assert count > 60
