"""One run of a command: its shared options, the settings that hold, and where its words go.

Results go to the standard output, everything else to the standard error stream.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from poise.cli import settings
from poise.cli.output import formats, target
from poise.cli.output.answer import Answer
from poise.cli.settings import Value
from poise.model.errors import UsageError
from poise.model.text import printable


@dataclass(frozen=True)
class Shared:
    """The options that every command has."""

    output: Sequence[str] = ()
    fields: Sequence[str] = ()
    sort: str = ""
    limit: int | None = None
    db: str | None = None
    data_dir: Path | None = None
    quiet: bool = False
    verbose: int = 0
    log_format: str | None = None


@dataclass
class Invocation:
    """What a command may ask for, and what it answers through."""

    shared: Shared

    @cached_property
    def settings(self) -> Mapping[str, Value]:
        """Every setting without the flags, with its origin."""
        return settings.load(Path.cwd(), os.environ)

    def setting(self, name: str, flag: Any = None) -> Any:
        """Return the flag if it was given, else what is set elsewhere."""
        return self.settings[name].value if flag is None or flag == [] else flag

    @property
    def data_dir(self) -> Path:
        """The folder for everything that Poise keeps."""
        chosen = self.setting("data_dir", self.shared.data_dir)
        return Path(chosen).expanduser() if chosen else settings.data_folder()

    @property
    def db(self) -> str:
        """The URL of the store."""
        chosen = self.setting("db", self.shared.db)
        return store_url(chosen) if chosen else store_url(str(self.data_dir / "poise.db"))

    @property
    def log_format(self) -> str:
        """`text` or `json`."""
        chosen = self.shared.log_format
        return str(
            settings.BY_NAME["log_format"].checked(chosen, "--log-format") if chosen else self.setting("log_format")
        )

    def answer(self, answer: Answer) -> None:
        """Write the answer in every form that was asked for."""
        targets = self.targets()
        shared = self.shared
        chosen = answer.chosen(shared.fields, shared.sort, shared.limit)
        if len(targets) > 1:
            chosen = replace(chosen, rows=list(chosen.rows))
        known = formats.load()
        for place in targets:
            target.write(known[place.format].render(chosen), place)

    def targets(self) -> tuple[target.Target, ...]:
        """Return where the answer goes; a wrong `-o` is refused before anything is done."""
        default = "table" if sys.stdout.isatty() else "tsv"
        return target.parse(self.shared.output, formats.load(), default)

    def say(self, text: str) -> None:
        """Tell the person something, unless they asked for quiet."""
        if not self.shared.quiet:
            say(text)


def say(text: str) -> None:
    """Write one line to the standard error stream; nobody reading it is no error."""
    try:
        sys.stderr.write(f"{printable(text)}\n")
        sys.stderr.flush()
    except (BrokenPipeError, ValueError):
        return


def store_url(text: str) -> str:
    """Return the URL of a store that may be given as a file name."""
    if "://" in text:
        return text
    if not text.strip():
        raise UsageError("The store's name is empty.", "Pass --db FILE or --db URL.")
    return f"sqlite:///{Path(text).expanduser().absolute()}"


def fields_of(texts: Iterable[str]) -> list[str]:
    """Return field names that may be given apart or with commas."""
    return [name.strip() for text in texts for name in text.split(",") if name.strip()]
