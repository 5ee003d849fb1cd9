"""Ready questions, by theme."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from poise.graph.explorer.forms import from_text
from poise.model.query import Query

FILE = "templates.toml"


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """One ready question."""

    id: str
    """Its name, as `poise query` takes it."""
    theme: str
    """What it is about: `exposure`, `identity`, `data` ..."""
    title: str
    """What it finds."""
    text: str
    """The query in its text form."""

    @property
    def query(self) -> Query:
        """The query itself."""
        return from_text(self.text)


@cache
def templates() -> tuple[Template, ...]:
    """Return all, in the order of the file."""
    table = tomllib.loads(files(__package__).joinpath(FILE).read_text("utf-8"))
    return tuple(
        Template(id=id, theme=entry["theme"], title=entry["title"], text=entry["query"]) for id, entry in table.items()
    )
