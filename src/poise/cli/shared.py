"""The options that every command has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer


@dataclass(frozen=True)
class Shared:
    """What was said to the command beside its own matter."""

    output: Annotated[
        list[str] | None,
        typer.Option(
            "-o", "--output", metavar="FORMAT[=FILE]", help="table, tsv, json, jsonl, csv, md; repeat for several."
        ),
    ] = None
    fields: Annotated[
        list[str] | None, typer.Option(metavar="NAMES", help="Fields to show, with commas: id,asset.name.")
    ] = None
    sort: Annotated[
        str, typer.Option(metavar="FIELD", help="Field to sort by; -FIELD turns the order round.", show_default=False)
    ] = ""
    limit: Annotated[int | None, typer.Option(metavar="N", min=0, help="Rows to show at most.")] = None
    db: Annotated[str | None, typer.Option(metavar="FILE|URL", help="Store to use. [POISE_DB]")] = None
    data_dir: Annotated[Path | None, typer.Option(metavar="DIR", help="Where data is kept. [POISE_DATA_DIR]")] = None
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing but errors.")] = False
    verbose: Annotated[
        int, typer.Option("-v", "--verbose", count=True, help="Say more; -vv shows each call.", show_default=False)
    ] = 0
    log_format: Annotated[str | None, typer.Option(metavar="text|json", help="Form of messages on stderr.")] = None

    @property
    def field_names(self) -> Sequence[str]:
        """The fields to show; they may be given apart or with commas."""
        return [name.strip() for text in self.fields or () for name in text.split(",") if name.strip()]
