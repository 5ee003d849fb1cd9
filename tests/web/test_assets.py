"""The web assets: their sources, their build, and what templates may not hold."""

import importlib.util
import json
import re
import shutil
from pathlib import Path

import pytest

from poise.web import bundle
from poise.web.server import create_app
from tests.web.visitor import Visitor

ROOT = Path(__file__).parents[2]
FRONT = ROOT / "frontend"
TEMPLATES = ROOT / "src/poise/web/templates"


def _hook():
    pytest.importorskip("hatchling")
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_templates_escape_everything_and_hold_no_script_or_style(template):
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe|autoescape|Markup", text)
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", text)
    assert not re.search(r"hx-on|hx-vals|https?://(?!www\.w3\.org)", text.replace('startswith("https://")', ""))


def test_scripts_write_no_markup():
    for source in sorted((FRONT / "src").rglob("*.ts")):
        text = source.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML\s*=|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text)


def test_the_lock_file_names_no_host():
    assert "http" not in (FRONT / "package-lock.json").read_text(encoding="utf-8")
    assert "integrity" in (FRONT / "package-lock.json").read_text(encoding="utf-8")


def test_versions_are_pinned():
    package = json.loads((FRONT / "package.json").read_text(encoding="utf-8"))
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert all(re.fullmatch(r"[0-9.]+", version) for version in versions.values()), versions


def test_a_changed_source_makes_the_assets_stale(tmp_path):
    front = tmp_path / "frontend"
    shutil.copytree(FRONT, front, ignore=shutil.ignore_patterns("node_modules"))
    before = _hook().digest(front)
    assert _hook().digest(front) == before
    (front / "src/app.ts").write_text("// changed", encoding="utf-8")
    assert _hook().digest(front) != before


def test_the_hook_asks_for_node_only_when_there_is_something_to_build(tmp_path, monkeypatch):
    hook = _hook()
    shutil.copytree(FRONT, tmp_path / "frontend", ignore=shutil.ignore_patterns("node_modules"))
    made = hook.AssetsHook(str(tmp_path), {}, None, None, str(tmp_path), "wheel")
    assert made.dependencies() == [hook.NODE]
    stamp = tmp_path / "src/poise/web/static/.stamp"
    stamp.parent.mkdir(parents=True)
    stamp.write_text(hook.digest(tmp_path / "frontend"), encoding="utf-8")
    assert made.dependencies() == []
    stamp.write_text("old", encoding="utf-8")
    monkeypatch.setenv("POISE_SKIP_UI", "1")
    assert made.dependencies() == []


def test_without_assets_every_page_says_how_to_get_them_and_the_api_works(workspace, monkeypatch):
    monkeypatch.setattr(bundle, "manifest", dict)
    visitor = Visitor(create_app(workspace))
    answer = visitor.get("/recommendations")
    assert answer.status_code == 503
    assert "pip install" in answer.text
    assert visitor.get("/api/v1/findings").json()["total"] > 0
    assert "pip install" in bundle.missing_assets()


def test_the_pages_stay_light(visitor):
    page = visitor.page("/")
    addresses = [e.get("src") or e.get("href") for e in page.select("script, link")]
    sizes = [len(visitor.get(address, Accept_Encoding="identity").content) for address in addresses]
    packed = [visitor.get(address, Accept_Encoding="gzip").headers.get("content-length") for address in addresses]
    assert sum(sizes) < 150_000
    assert sum(int(size) for size in packed if size) < 60_000


def test_no_asset_is_built_from_scripts_with_a_type_error():
    build = json.loads((FRONT / "package.json").read_text(encoding="utf-8"))["scripts"]["build"]
    assert build.startswith("tsc --noEmit && ")
