"""Templates: everything is escaped, and the words of `words` are at hand as filters."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from poise.web import bundle, words

FOLDER = Path(__file__).parent / "templates"
FILTERS = (words.number, words.percent, words.label, words.kind_label, words.moment, words.as_json, words.inline)


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
    env.globals["lists"] = env.get_template("parts/lists.html").module
    return env


def whole(name: str, values: dict[str, Any]) -> str:
    """Render a page."""
    return environment().get_template(name).render(values)


def block(name: str, part: str, values: dict[str, Any]) -> str:
    """Render one block of a page."""
    template = environment().get_template(name)
    return "".join(template.blocks[part](template.new_context(values)))
