"""One run of a command: its shared options, the settings that hold, and where its words go.

Results go to the standard output, everything else to the standard error stream.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from poise.cli import settings
from poise.cli.delivering import delivery_of
from poise.cli.output import formats, target
from poise.cli.output.answer import Answer
from poise.cli.settings import Value
from poise.cli.shared import Shared
from poise.model.errors import PoiseError, StoreError, UsageError
from poise.model.text import printable

if TYPE_CHECKING:
    from poise.app.standards import Standards
    from poise.app.workspace import Workspace
    from poise.model.check import Check

Exports = Callable[[str], Iterable[str | bytes]]
"""Renders the state in a format of `poise report`."""


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
        """The URL of the store, or its file."""
        chosen = self.setting("db", self.shared.db)
        if chosen is not None and not chosen.strip():
            raise UsageError("The store's name is empty.", "Pass --db FILE or --db URL.")
        return chosen or str(self.data_dir / "poise.db")

    @property
    def log_format(self) -> str:
        """`text` or `json`."""
        chosen = self.shared.log_format
        if chosen is None:
            return str(self.setting("log_format"))
        return str(settings.BY_NAME["log_format"].checked(chosen, "--log-format"))

    @cached_property
    def own_checks(self) -> Mapping[str, Check]:
        """The tenant's checks in the folder that is set, by id. Their rules are not compiled yet."""
        folders = [*_folder(self.settings["custom_checks"])]
        if not folders:
            return {}
        from poise.app.custom.own import own_checks

        return own_checks(folders)

    @cached_property
    def known_checks(self) -> Mapping[str, Check]:
        """The tenant's checks in the folder that is set and those that the store keeps, by id; no store is made."""
        from poise.app.stored_checks import stored_checks

        try:
            return {**stored_checks(self.db), **self.own_checks}
        except StoreError as problem:
            self.say(f"Checks that the store keeps are left out. {problem.what}")
            return self.own_checks

    def validate_own_checks(self) -> None:
        """Compile the rules of the tenant's checks; raises :class:`BadInput` with file, line and column."""
        folders = [*_folder(self.settings["custom_checks"])]
        if folders:
            from poise.app.custom.own import validate

            validate(folders)

    def new_own_check(self, name: str, kind: str, into: Path | None) -> Path:
        """Begin a check of the tenant in the folder that is given, or set."""
        from poise.app.custom.own import write_skeleton

        folder = into or next(_folder(self.settings["custom_checks"]), None)
        if folder is None:
            raise UsageError("No folder of your own checks is set.", "Pass --into FOLDER, or set custom_checks.")
        return write_skeleton(name, kind, folder)

    @contextmanager
    def workspace(self, db: str | None = None, clock: Callable[[], datetime] | None = None) -> Iterator[Workspace]:
        """Open the store, with the parameters of checks that are set."""
        from poise.app.kept_standards import with_kept
        from poise.app.workspace import open_workspace, utc_now

        chosen = replace(choices_of(self.settings), own_checks=self.own_checks)
        with open_workspace(db or self.db, parameters_of(self.settings), clock or utc_now, chosen) as workspace:
            workspace.standards = with_kept(workspace.store, standards_of(self.settings, own=self.own_checks))
            workspace.delivery = delivery_of(self.settings)
            yield workspace

    def targets(self, more: Iterable[str] = ()) -> tuple[target.Target, ...]:
        """Return where the answer goes. ``more`` are formats beside those that every command has.

        A command asks before it does anything, so that a wrong `-o` costs nothing.
        """
        default = "table" if sys.stdout.isatty() else "tsv"
        return target.parse(self.shared.output or (), (*formats.names(), *more), default)

    def answer(
        self, answer: Answer, exports: Exports | None = None, more: Iterable[str] = (), instead: Iterable[str] = ()
    ) -> None:
        """Write the answer in every form that was asked for.

        ``exports`` writes those of ``more`` that no command has, and those of ``instead`` in any case.
        """
        targets = self.targets(more)
        shared = self.shared
        chosen = answer.chosen(shared.field_names, shared.sort, shared.limit)
        if len(targets) > 1:
            chosen = replace(chosen, rows=list(chosen.rows))
        known = set(formats.names()) - set(instead)
        for place in targets:
            is_export = exports is not None and place.format not in known
            if exports and is_export:
                target.write(exports(place.format), place)
            else:
                target.write(formats.get(place.format).render(chosen), place)

    def say(self, text: str) -> None:
        """Tell the person something, unless they asked for quiet."""
        if not self.shared.quiet:
            self._line("info", text)

    def complain(self, problem: PoiseError) -> None:
        """Tell what went wrong and what to do."""
        if self._is_json:
            self._line("error", problem.what, do=problem.do)
            return
        complain(problem.what, problem.do)

    @property
    def _is_json(self) -> bool:
        try:
            return self.log_format == "json"
        except UsageError:
            return False  # a wrong settings file is itself what is to be told

    def _line(self, level: str, text: str, **more: str) -> None:
        if not self._is_json:
            say(text)
            return
        import msgspec

        say(msgspec.json.encode({"level": level, "event": text, **more}).decode())


def complain(what: str, do: str) -> None:
    """Write an error for a person."""
    say(f"Error: {what}")
    if do:
        say(do)


def say(text: str) -> None:
    """Write one line to the standard error stream; nobody reading it is no error."""
    try:
        sys.stderr.write(f"{printable(text)}\n")
        sys.stderr.flush()
    except (BrokenPipeError, ValueError):
        return


RISK = "risk."


def choices_of(values: Mapping[str, Value]) -> Any:
    """Return how scores and risks are computed. Raises :class:`UsageError` for what cannot be set."""
    from poise.app.workspace import Choices
    from poise.score.risk_rules import risk_rules
    from poise.score.secure import Mitigated, Weighing

    given = {name: value for name, value in values.items() if name.startswith(RISK) and value.value}
    origin = next((value.origin for value in given.values()), "default")
    tables = {name.removeprefix(RISK): value.value for name, value in given.items()}
    return Choices(
        Mitigated(values["score.mitigated"].value),
        Weighing(values["score.weight"].value),
        risk_rules(tables, origin),
        _cloud_of(values),
        _retention(values),
        path_choices(values),
    )


def _retention(values: Mapping[str, Value]) -> int:
    days, origin = values["retention"].value, values["retention"].origin
    if days < 1:
        raise UsageError(f"{origin}: retention is {days}.", "Keep at least 1 day.")
    return int(days)


def _cloud_of(values: Mapping[str, Value]) -> Any:
    """Return how the risk-based score is computed; None if nothing is set."""
    from poise.score.cloud import cloud_rules

    given = {name: values[f"score.{name}"] for name in ("reading", "bases", "weights")}
    given = {name: value for name, value in given.items() if value.value}
    if not given:
        return None
    origin = next(iter(given.values())).origin
    return cloud_rules({name: value.value for name, value in given.items()}, origin)


def path_choices(values: Mapping[str, Value]) -> Any:
    """Return what is set for the search for attack paths. Raises :class:`UsageError` for a range that is none."""
    from poise.attackpaths.choices import Choices
    from poise.model.errors import BadInput
    from poise.policy.intervals import IpSet

    names = ("trusted_networks", "trusted_accounts", "trusted_tenants", "assumed_breaches", "minor_targets")
    given = {name: values[f"paths.{name}"].value for name in names}
    try:
        IpSet.from_cidrs(given["trusted_networks"])
    except BadInput as problem:
        raise UsageError(f"paths.trusted_networks: {problem.what}", problem.do) from problem
    return Choices(**given)


def parameters_of(values: Mapping[str, Value]) -> Any:
    """Return the parameters of checks that are set, everywhere and for single scopes.

    Raises :class:`UsageError` for a check that there is not, or a value that is not allowed.
    """
    from poise.app.checks import parameter_settings

    by_scope: dict[str, Mapping[str, Any]] = {}
    for scope, table in values["scopes"].value.items():
        unknown = set(table) - {"parameters"} if isinstance(table, dict) else {"?"}
        if unknown:
            origin = values["scopes"].origin
            raise UsageError(f"{origin}: scopes.{scope} holds {', '.join(sorted(unknown))}.", "It takes `parameters`.")
        by_scope[scope] = table.get("parameters", {})
    return parameter_settings(values["parameters"].value, by_scope)


def standards_of(values: Mapping[str, Value], files: Iterable[Path] = (), own: Iterable[str] = ()) -> Standards:
    """Return the standards that there are: shipped, in the folder that is set, and in files.

    Raises :class:`UsageError` for a standard that there is not, :class:`BadInput` for a file that is wrong.
    """
    from poise.app.standards import Standards, read_files

    paths = [*_folder(values["standards_dir"]), *files]
    table = values["standards"]
    for id, scopes in table.value.items():
        if not isinstance(scopes, list) or not all(isinstance(scope, str) for scope in scopes):
            raise UsageError(
                f"{table.origin}: standards.{id} is {scopes!r}.", 'Expected a list of scopes: ["*"] for all.'
            )
    return Standards(read_files(paths, own), table.value)


def _folder(setting: Value) -> Iterator[Path]:
    """Yield a folder that is set; in a settings file it is told from where the file lies."""
    if setting.value:
        origin = Path(setting.origin)
        yield (origin.parent if origin.is_file() else Path()) / Path(setting.value).expanduser()
