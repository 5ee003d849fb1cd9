"""Templates: everything is escaped, and the words of `words` are at hand as filters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from poise.web import bundle, words

FOLDER = Path(__file__).parent / "templates"
FRAME = "frame.html"
FILTERS = (
    *(words.number, words.percent, words.label, words.kind_label, words.moment, words.as_json, words.inline),
    *(words.capitalize_first, words.as_moment, words.sentence, words.tail, words.technique_page, words.unnumbered),
)


@cache
def environment() -> Environment:
    """Return the templates, with macros as ``ui`` and ``icons`` so that a block renders on its own."""
    env = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update({each.__name__: each for each in FILTERS})
    env.globals.update(built=bundle.address_of, ago=words.ago, plural=words.plural, duration=words.duration)
    env.globals["icons"] = env.get_template("parts/icons.html").module
    env.globals["ui"] = env.get_template("parts/ui.html").module
    env.globals["pictures"] = env.get_template("parts/pictures.html").module
    env.globals["fixes"] = env.get_template("parts/fix.html").module
    env.globals["paths"] = env.get_template("parts/paths.html").module
    env.globals["lists"] = env.get_template("parts/lists.html").module
    env.globals["graphs"] = env.get_template("parts/graph.html").module
    env.globals["questions"] = env.get_template("parts/questions.html").module
    return env


def whole(name: str, values: dict[str, Any]) -> str:
    """Render a page."""
    return environment().get_template(name).render(values)


def blocks(name: str, parts: Sequence[str], values: dict[str, Any]) -> str:
    """Render some blocks of a page, one after the other; the page or its frame may lack some."""
    templates = [environment().get_template(each) for each in (name, FRAME)]
    found = {part: template for template in reversed(templates) for part in template.blocks}
    texts = ("".join(found[part].blocks[part](found[part].new_context(values))) for part in parts if part in found)
    return "".join(texts)
