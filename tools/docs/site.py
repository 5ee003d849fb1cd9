"""Turns Markdown pages into a site of plain HTML, and warns of everything that a reader would stumble over."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from posixpath import dirname, normpath, relpath

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tools.docs import reference

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
STYLE = Path(__file__).with_name("style.css")
SECTIONS = (
    ("", "Start"),
    ("tutorial", "Tutorial"),
    ("how-to", "How to"),
    ("concepts", "Concepts"),
    ("reference", "Reference"),
    ("adr", "Decisions"),
)
UNFINISHED = re.compile(r"\b(TODO|FIXME|TBD|coming soon|lorem ipsum)\b", re.IGNORECASE)
BESIDE = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
"""Pages in the root that are checked but stand on their own."""


def build(target: Path) -> tuple[int, list[str]]:
    """Write the site into a folder; return the number of pages, and the warnings."""
    pages = sources()
    found = [warning for path, text in pages.items() for warning in warnings(path, text, pages)]
    for name in BESIDE:
        found += unfinished(name, (ROOT / name).read_text("utf-8"))
    shutil.rmtree(target, ignore_errors=True)
    for path, text in pages.items():
        place = target / _html(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(_page(path, text, pages), encoding="utf-8")
    images = DOCS / "images"
    if images.is_dir():
        shutil.copytree(images, target / "images")
    return len(pages), found


def sources() -> dict[str, str]:
    """Return every page by its path below the documentation's root: those of people, then those made from objects."""
    written = {path.relative_to(DOCS).as_posix(): path.read_text("utf-8") for path in sorted(DOCS.rglob("*.md"))}
    return written | dict(reference.pages())


def warnings(path: str, text: str, pages: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with a page: no title, empty sections, links that lead nowhere, unfinished words."""
    tokens = _parser().parse(text)
    headings = [(number, token) for number, token in enumerate(tokens) if token.type == "heading_open"]
    if not headings or headings[0][1].tag != "h1" or sum(token.tag == "h1" for _, token in headings) != 1:
        yield f"{path}: a page has one title, at its top"
    for (number, token), (after, following) in pairwise(headings):
        if after == number + 3 and following.tag <= token.tag:
            yield f"{path}: the section {tokens[number + 1].content!r} is empty"
    if headings and headings[-1][0] + 3 == len(tokens):
        yield f"{path}: the section {tokens[-2].content!r} is empty"
    for link in _links(tokens):
        if not _leads_somewhere(path, link, pages):
            yield f"{path}: the link {link} leads nowhere"
    yield from unfinished(path, text)


def unfinished(path: str, text: str) -> list[str]:
    """Return a warning for each word of unfinished work."""
    return [f"{path}: unfinished: {found[0]}" for found in UNFINISHED.finditer(text)]


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings."""
    tokens = _parser().parse(text)
    return {_slug(tokens[n + 1].content) for n, token in enumerate(tokens) if token.type == "heading_open"}


def _links(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        for child in token.children or ():
            target = child.attrGet("href") or child.attrGet("src")
            if target:
                yield str(target)


def _leads_somewhere(path: str, link: str, pages: Mapping[str, str]) -> bool:
    if re.match(r"[a-z]+:", link):
        return link.startswith("https://")
    page, _, anchor = link.partition("#")
    target = normpath(f"{dirname(path)}/{page}").lstrip("/") if page else path
    if target in pages:
        return not anchor or anchor in anchors(pages[target])
    return (DOCS / target).is_file()


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _page(path: str, text: str, pages: Mapping[str, str]) -> str:
    parser = _parser()
    tokens = parser.parse(text)
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", _slug(tokens[number + 1].content))
        for child in token.children or ():
            href = child.attrGet("href")
            if isinstance(href, str) and not re.match(r"[a-z]+:", href):
                child.attrSet("href", re.sub(r"\.md(?=$|#)", ".html", href))
    body = parser.renderer.render(tokens, parser.options, {})
    style = STYLE.read_text("utf-8")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{_title(text)} - Poise</title>'
        f"<style>{style}</style></head><body><nav>{_navigation(path, pages)}</nav><main>{body}</main></body></html>\n"
    )


def _navigation(here: str, pages: Mapping[str, str]) -> str:
    parts = []
    for folder, title in SECTIONS:
        depth = 1 if folder else 0
        paths = [
            p for p in pages if dirname(p) == folder or (folder == "reference" and re.match(r"reference/\w+/index", p))
        ]
        items = "".join(_item(here, path, pages[path]) for path in sorted(paths) if path.count("/") >= depth)
        if items:
            parts.append(f"<h2>{title}</h2><ul>{items}</ul>")
    return "".join(parts)


def _item(here: str, path: str, text: str) -> str:
    current = ' aria-current="page"' if path == here else ""
    return f'<li><a href="{relpath(_html(path), dirname(here) or ".")}"{current}>{_title(text)}</a></li>'


def _title(text: str) -> str:
    first = next((line for line in text.splitlines() if line.startswith("# ")), "# Poise")
    return html.escape(first.removeprefix("# "))


def _html(path: str) -> str:
    return re.sub(r"\.md$", ".html", path)


def _slug(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")
