"""The tree of commands. A command's module is imported when the command is used, so that help is quick.

``poise scan aws`` is the function ``aws`` of ``poise/cli/commands/scan.py``; ``poise show`` is the function ``show``
of ``poise/cli/commands/show.py``. The short helps stand here so that listing them imports nothing.
"""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from poise import __version__
from poise.cli import completing

PACKAGE = "poise.cli.commands"
SETTINGS = {"help_option_names": ["-h", "--help"]}


@dataclass(frozen=True)
class Leaf:
    """A command."""

    name: str
    help: str
    function: str = ""
    """Name of the function, where it cannot be the command's own."""


@dataclass(frozen=True)
class Branch:
    """A command that has sub-commands."""

    name: str
    help: str
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True)
class Section:
    """A heading of the top-level help."""

    title: str
    entries: tuple[Leaf | Branch, ...]


SCAN = Branch(
    "scan",
    "Read the configuration of a cloud and judge it",
    (
        Leaf("aws", "Scan an AWS account"),
        Leaf("azure", "Scan Azure subscriptions"),
        Leaf("host", "Scan hosts over SSH"),
        Leaf("files", "Scan folders and files of provider answers"),
    ),
)
CONNECT = Branch(
    "connect", "Prepare access to a cloud", (Leaf("policy", "Print the least-privilege policy of a connector"),)
)
LIST = Branch(
    "list",
    "List what was found",
    (
        Leaf("findings", "List findings: unhealthy and unknown verdicts, worst first"),
        Leaf("recommendations", "List recommendations: a check with the counts of its verdicts"),
        Leaf("assets", "List assets, healthy ones too"),
        Leaf("machines", "List machines that were scanned, and those that were not with the reason"),
        Leaf("paths", "List attack paths, the riskiest first"),
        Leaf("exemptions", "List exemptions, and checks that are switched off"),
        Leaf("scans", "List scans, newest first"),
    ),
)
CHECKS = Branch(
    "checks",
    "Look at checks, and write them",
    (
        Leaf("list", "List every check", "list_all"),
        Leaf("explain", "Explain one check: risk, rule, fix, examples"),
        Leaf("test", "Run the examples of checks", "run_examples"),
        Leaf("new", "Write the skeleton of a new check"),
        Leaf("docs", "Render checks as Markdown"),
        Leaf("keep", "Keep a check in CEL in the store"),
        Leaf("kept", "List the checks in CEL that the store keeps, or show one"),
        Leaf("remove", "Remove a check in CEL that the store keeps"),
        Leaf("disable", "Switch a check off: none of its verdicts counts until it is enabled"),
        Leaf("enable", "Switch a check on again"),
    ),
)
EXEMPT = Branch(
    "exempt",
    "Decide not to act on findings",
    (
        Leaf("add", "Exempt findings, those that come later too"),
        Leaf("list", "List exemptions, and checks that are switched off", "list_all"),
        Leaf("remove", "Remove an exemption"),
        Leaf("apply", "Take exemptions from a file"),
    ),
)
GOVERN = Branch(
    "govern",
    "Say who owns findings and by when they are due",
    (
        Leaf("add", "Add a rule, or change the one of that name"),
        Leaf("list", "List the rules, the strongest first", "list_all"),
        Leaf("remove", "Remove a rule"),
        Leaf("move", "Let a rule change places with its neighbour"),
        Leaf("apply", "Take rules from a file"),
        Leaf("rerun", "Let the rules assign again"),
        Leaf("report", "Count findings by owner, rule and account"),
    ),
)
NOTIFY = Branch(
    "notify",
    "Tell people and other systems",
    (
        Leaf("add", "Add a channel, or change the one of that name"),
        Leaf("list", "List the channels", "list_all"),
        Leaf("remove", "Remove a channel"),
        Leaf("send-test", "Send a test through a channel", "send_test"),
        Leaf("outbox", "List messages, newest first"),
        Leaf("retry", "Send a message again that was given up"),
        Leaf("ticket", "Make the ticket of a finding"),
        Leaf("schedule", "List what is done again and again, or set when"),
    ),
)
PERMISSIONS = Branch(
    "permissions",
    "Ask who may do what to which asset",
    (
        Leaf("can", "Say whether a principal may do something to an asset, and why"),
        Leaf("who-can", "List everybody who may do something to an asset", "who_can"),
        Leaf("what-can", "List what a principal may do, by kind of asset", "what_can"),
    ),
)
GROUP = Branch(
    "group",
    "Look after groups of assets: applications, teams, environments",
    (
        Leaf("list", "List groups with the number of their assets", "list_all"),
        Leaf("set", "Add a group or change it", "set_group"),
        Leaf("remove", "Remove a group"),
    ),
)
ASSET = Branch(
    "asset",
    "Say what no tag says of an asset",
    (
        Leaf("mark", "Mark an asset as critical, or its data as sensitive"),
        Leaf("unmark", "Take a mark away"),
        Leaf("discovered", "Mark the assets in which a discovery service found sensitive data; a higher mark stays"),
    ),
)
SCORING = Branch(
    "scoring",
    "Say how the risk-based score and risk levels are computed",
    (
        Leaf("show", "Show the reading, the bases and the weights that hold"),
        Leaf(
            "set", "Change what is named, and keep the rest; --dry-run shows the effect on today's score", "set_rules"
        ),
        Leaf("reset", "Go back to what is published"),
        Leaf("risk", "Show what other points or thresholds would do to the risks of today's findings"),
    ),
)
PATHS = Branch(
    "paths",
    "Look at attack paths as a whole",
    (
        Leaf("why-empty", "Say what is open, what is worth reaching, and where the best attempt ends", "why_empty"),
        Leaf("choke-points", "List where most paths meet", "choke_points"),
        Leaf("top-fixes", "List the few fixes that take away most risk, each proven", "top_fixes"),
        Leaf("blind-spots", "List paths that there may be, where something was not read", "blind_spots"),
        Leaf("exempt", "Decide not to act on a path"),
    ),
)
DB = Branch(
    "db",
    "Look after the store",
    (
        Leaf("upgrade", "Bring the store to this version's schema"),
        Leaf("backup", "Copy the store to a new file"),
        Leaf("gc", "Remove history that ended longer ago than the days to keep"),
        Leaf("purge", "Remove everything about one scope"),
    ),
)
VULNS = Branch(
    "vulns",
    "Keep advisories, and match the software of machines with them",
    (
        Leaf("sync", "Fetch the feeds of advisories, then match all stored machines"),
        Leaf("import", "Take feeds from files, where there is no network", "import_"),
        Leaf("export", "Write the whole index to one file for a site without network"),
        Leaf("status", "Show the feeds and their ages"),
        Leaf("match", "Match the stored software of all machines; no disk is read"),
    ),
)
DISK = Branch(
    "disk",
    "Scan machines through their disks, with no agent on them",
    (
        Leaf("scan", "Scan one machine through its disks, and keep and judge what is found"),
        Leaf("janitor", "Delete snapshots that interrupted scans left behind"),
        Leaf("policy", "Print the policy that scanning disks needs, beside the one of `poise connect policy`"),
    ),
)
TREE = (
    Section("Start", (Leaf("demo", "Assess the bundled sample estate and serve the pages"), SCAN, DISK, CONNECT)),
    Section(
        "Look",
        (
            Leaf("score", "Show the secure score, or the risk-based one"),
            Leaf("history", "Tell what happened to the score, to a finding or to an asset"),
            Leaf("at", "Show score, verdicts and compliance as they were at a moment"),
            Leaf("diff", "Show what differs between two moments"),
            Leaf(
                "compliance",
                "Show the state of standards and of their controls: all standards, or one with its sections and checks",
            ),
            LIST,
            Leaf("show", "Show one thing by its id: a finding, an attack path, an asset, a check or a scan"),
            Leaf("why", "Explain a finding's risk with its evidence, or the score with what each control gives"),
            Leaf("check-again", "Read again what a finding, an asset or a check rests on, and judge it"),
            Leaf("fix", "Print how to cure a finding, a check or an attack path"),
            PERMISSIONS,
            PATHS,
            Leaf("simulate", "Say what changes would open and close: attack paths, findings, score"),
            Leaf("reach", "Say whether the network lets one thing reach another, and what decides"),
            Leaf("query", "Ask the security graph"),
            Leaf("report", "Write a report of the latest state"),
        ),
    ),
    Section(
        "Decide",
        (
            EXEMPT,
            GOVERN,
            Leaf("assign", "Assign findings, or all open findings of checks, by hand"),
            Leaf("attest", "State that a control is met, or that it is not, with evidence"),
            ASSET,
            GROUP,
            SCORING,
        ),
    ),
    Section("Write checks", (CHECKS,)),
    Section(
        "Run",
        (
            Leaf("serve", "Serve the pages and the API"),
            Leaf("tick", "Work off what is due now"),
            NOTIFY,
            DB,
            VULNS,
            Leaf("doctor", "Examine the installation and its settings"),
            Leaf("completion", "Print the completion script of a shell"),
        ),
    ),
)


class LazyGroup(TyperGroup):
    """A group that imports a sub-command when it is used."""

    sections: tuple[Section, ...] = ()
    module: str = ""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the sub-commands."""
        return [entry.name for section in self.sections for entry in section.entries]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import and return one sub-command."""
        for section in self.sections:
            for entry in section.entries:
                if entry.name == cmd_name:
                    return loaded(entry, self.module)
        return None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the sub-command, or say which names are near."""
        names = self.list_commands(ctx)
        if args and not args[0].startswith("-") and args[0] not in names:
            near = difflib.get_close_matches(args[0], names)
            advice = f" Did you mean {', '.join(near)}?" if near else f" There are: {', '.join(names)}."
            ctx.fail(f"There is no command {args[0]!r}.{advice}")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Return the sub-commands that begin like a word, without importing them."""
        found = [completing.item(name, help) for name, help in self._short_helps() if name.startswith(incomplete)]
        return found or super().shell_complete(ctx, incomplete)

    def _short_helps(self) -> Iterator[tuple[str, str]]:
        return ((entry.name, entry.help) for section in self.sections for entry in section.entries)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the short helps, without importing the commands."""
        for section in self.sections:
            with formatter.section(section.title):
                formatter.write_dl([(entry.name, entry.help) for entry in section.entries])


def loaded(entry: Leaf | Branch, module: str) -> Any:
    """Return the command behind an entry; a leaf's module is imported now."""
    if isinstance(entry, Branch):
        return group(entry)
    found = importlib.import_module(module or f"{PACKAGE}.{entry.name.replace('-', '_')}")
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(entry.name, context_settings=SETTINGS)(getattr(found, entry.function or entry.name.replace("-", "_")))
    return typer.main.get_command(app)


def group(branch: Branch) -> LazyGroup:
    """Make the group of a branch."""
    made = LazyGroup(
        name=branch.name,
        help=f"{branch.help}.",
        no_args_is_help=True,
        rich_markup_mode=None,
        context_settings=SETTINGS,
    )
    made.sections = (Section("Commands", branch.leaves),)
    made.module = f"{PACKAGE}.{branch.name}"
    return made


class Root(LazyGroup):
    """The command `poise` itself."""

    sections = TREE


root = typer.Typer(
    cls=Root, add_completion=False, rich_markup_mode=None, no_args_is_help=True, context_settings=SETTINGS
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"poise {__version__}")
        raise typer.Exit


@root.callback(epilog="Every command has --help. Settings: poise doctor --config")
def poise(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Read the configuration of clouds, judge it, score it, and say what to do first."""


def leaves() -> Iterator[tuple[str, Leaf, str]]:
    """Yield every command with the words that call it and the module that holds it."""
    for section in TREE:
        for entry in section.entries:
            if isinstance(entry, Leaf):
                yield entry.name, entry, f"{PACKAGE}.{entry.name.replace('-', '_')}"
            else:
                yield from ((f"{entry.name} {leaf.name}", leaf, f"{PACKAGE}.{entry.name}") for leaf in entry.leaves)
