"""Settings: what may be set, where, and which value holds.

The order is flag > environment > project file > user file > default. The project file is the nearest
``poise.toml``, or ``pyproject.toml`` with a table ``[tool.poise]``, in the current folder or above it. The user
file is ``poise.toml`` in the platform's configuration folder. An unknown key is an error.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from poise.model.errors import UsageError
from poise.model.verdict import Severity

FILE = "poise.toml"
TRUE, FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})


@dataclass(frozen=True)
class Setting:
    """One value that may be set."""

    name: str
    """Key in a settings file, with the table before the dot: `aws.profile`."""
    default: Any
    """The value where nothing is set. Its type is the type of every value; None stands for "not set" of a text."""
    meaning: str
    """One sentence for the person who sets it."""
    choices: tuple[str, ...] = ()
    """The values allowed, where there are few."""

    @property
    def variable(self) -> str:
        """The environment variable: `POISE_AWS_PROFILE`."""
        return f"POISE_{self.name.replace('.', '_').upper()}"

    def checked(self, value: Any, origin: str) -> Any:
        """Return the value if it may be set, or raise :class:`UsageError`. Tables keep their shape."""
        kind = str if self.default is None else type(self.default)
        if kind is tuple and isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        if type(value) is not kind:
            raise UsageError(f"{origin}: {self.name} is {value!r}.", f"Expected {KINDS[kind]}.")
        if self.choices and value not in self.choices:
            raise UsageError(f"{origin}: {self.name} is {value!r}.", f"Choose from {', '.join(self.choices)}.")
        return value

    def from_text(self, text: str) -> Any:
        """Return the value that an environment variable holds; lists are separated by commas."""
        if isinstance(self.default, bool):
            if text.lower() in TRUE | FALSE:
                return text.lower() in TRUE
            return text
        if isinstance(self.default, int):
            return int(text) if text.isdigit() else text
        if isinstance(self.default, tuple):
            return [part.strip() for part in text.split(",") if part.strip()]
        return text


KINDS = {str: "a text", bool: "true or false", int: "a whole number", tuple: "a list of texts", dict: "a table"}
LEVELS = tuple(level.value for level in Severity)
WEIGHINGS = ("assets", "controls")
MITIGATED = ("healthy", "excluded")
SETTINGS = (
    Setting("db", None, "Store: a file name, or a URL as SQLAlchemy reads it. Default: `poise.db` in the data folder."),
    Setting("data_dir", None, "Folder for everything that Poise keeps. Default: the platform's data folder."),
    Setting("log_format", "text", "Form of messages on the standard error stream.", ("text", "json")),
    Setting("fail_on", None, "Least risk level of an unhealthy finding that makes a scan exit with 1.", LEVELS),
    Setting("require_complete", False, "Exit with 3 if something could not be read."),
    Setting("gentle", False, "Stay far below the provider's request quotas."),
    Setting("aws.profile", None, "Profile of the AWS configuration files."),
    Setting("aws.role_arn", None, "Role to assume before reading."),
    Setting("aws.external_id", None, "External id that the role asks for."),
    Setting("aws.endpoint_url", None, "Address of an AWS-compatible API, for emulators and private end points."),
    Setting("aws.region", (), "Regions to read; all enabled ones where nothing is set."),
    Setting("aws.service", (), "Services to read; all where nothing is set."),
    Setting("azure.subscription", (), "Subscriptions to read; all that the credentials see where nothing is set."),
    Setting("azure.service", (), "Services to read; all where nothing is set."),
    Setting("azure.cloud", "public", "Azure cloud.", ("public", "government", "china")),
    Setting("azure.base_url", None, "Address of Azure Resource Manager, if not the cloud's own."),
    Setting("azure.authority", None, "Address of the sign-in service, if not the cloud's own."),
    Setting("azure.graph_url", None, "Address of Microsoft Graph, if not the cloud's own; empty: read no directory."),
    Setting("azure.scope", None, "Scope of the token, if not the address's own."),
    Setting("azure.ca_file", None, "File of certificates to trust instead of the system's."),
    Setting("azure.token", None, "A ready token instead of signing in, for emulators. Better in the environment."),
    Setting("mail.host", None, "Mail server. Without one, no mail is sent."),
    Setting("mail.port", 587, "Port of the mail server."),
    Setting("mail.security", "starttls", "How the way to the mail server is kept secret.", ("starttls", "tls", "none")),
    Setting("mail.sender", None, "Address that mail comes from."),
    Setting("mail.user", None, "User at the mail server."),
    Setting("mail.password", None, "Password at the mail server; better in POISE_MAIL_PASSWORD than in a file."),
    Setting("mail.password_file", None, "File that holds the password and nothing else."),
    Setting("mail.ca_file", None, "Certificates to trust at the mail server."),
    Setting("notify.allow", (), "Names and networks that may be called though they are not public: 10.1.2.0/24."),
    Setting("notify.pages", None, "Address at which people find the pages, for links: https://poise.example.org."),
    Setting("notify.key_file", None, "File with the key of kept secrets. Default: the store's own key."),
    Setting("serve.host", "127.0.0.1", "Address that the pages are served on."),
    Setting("serve.port", 8420, "Port that the pages are served on."),
    Setting("parameters", {}, "Values of check parameters: a table for each check id."),
    Setting("standards", {}, "Scopes that each standard holds for: a list of ids or patterns by standard id."),
    Setting("standards_dir", None, "Folder with standards of your own, one TOML file each."),
    Setting("custom_checks", None, "Folder with checks of your own, one TOML file each, with rules in CEL."),
    Setting("score.mitigated", "healthy", "What a mitigated exemption makes of an asset in the score.", MITIGATED),
    Setting("score.weight", "assets", "What a scope weighs beside others: its assets, or its controls.", WEIGHINGS),
    Setting("score.reading", None, "Reading of the risk-based score's formula: as printed, or as implied.", ("a", "b")),
    Setting("score.bases", {}, "What one open recommendation of a level leaves of an asset's risk-based score."),
    Setting("score.weights", {}, "What an asset weighs in the risk-based score by its degree of criticality."),
    Setting("retention", 400, "Days of history to keep."),
    Setting("risk.levels", {}, "Least points of the risk levels `medium`, `high` and `critical`."),
    Setting("risk.points", {}, "Points of the factors of risk: a table for each factor."),
    Setting("risk.sensitivity", {}, "Tags, values, names and assets that stand for sensitive data."),
    Setting("risk.criticality", {}, "Tags, values, names and assets that stand for critical assets."),
    Setting("paths.trusted_networks", (), "Ranges from which no attacker is expected."),
    Setting("paths.trusted_accounts", (), "Foreign accounts that count as one's own."),
    Setting("paths.trusted_tenants", (), "Foreign Entra tenants whose applications count as one's own."),
    Setting("paths.assumed_breaches", (), "Ids of assets that count as taken already in the search for attack paths."),
    Setting("paths.minor_targets", False, "Count machines, keys and any store as targets of attack paths, too."),
    Setting("vulns.index", None, "File of the index of advisories. Default: `advisories.db` in the data folder."),
    Setting("vulns.stale_days", 3, "Age in days from which feeds are warned of."),
    Setting("vulns.mirrors", {}, "Base addresses of mirrors: `osv`, `debian`, `kev`, `epss`."),
    Setting("scopes", {}, "Tables of `parameters` that hold for one account or subscription."),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}
TABLES = {setting.name.split(".")[0] for setting in SETTINGS if "." in setting.name}


@dataclass(frozen=True)
class Value:
    """A value and where it comes from."""

    value: Any
    origin: str
    """`default`, `environment POISE_DB`, or the path of a file."""


def load(folder: Path, environment: Mapping[str, str]) -> dict[str, Value]:
    """Return the value of every setting by name, flags aside. Raises :class:`UsageError` for what is not known."""
    values = {setting.name: Value(setting.default, "default") for setting in SETTINGS}
    for path, table in _files(folder, environment):
        values |= {name: Value(value, str(path)) for name, value in _flat(table, path)}
    for setting in SETTINGS:
        if setting.variable in environment and not isinstance(setting.default, dict):
            origin = f"environment {setting.variable}"
            value = setting.from_text(environment[setting.variable])
            values[setting.name] = Value(setting.checked(value, origin), origin)
    return values


def user_file() -> Path:
    """Return where the settings of the user stand."""
    return platformdirs.user_config_path("poise") / FILE


def data_folder() -> Path:
    """Return where Poise keeps its data if nothing is set."""
    return platformdirs.user_data_path("poise")


def _files(folder: Path, environment: Mapping[str, str]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the user's table, then the project's: later ones win."""
    user = user_file()
    if user.is_file():
        yield user, _parsed(user)
    for place in (folder, *folder.parents):
        if (place / FILE).is_file():
            yield place / FILE, _parsed(place / FILE)
            return
        project = place / "pyproject.toml"
        if project.is_file() and (table := _parsed(project).get("tool", {}).get("poise")) is not None:
            yield project, table
            return


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise UsageError(f"{path} is not valid TOML: {problem}.") from problem
    except OSError as problem:
        raise UsageError(f"{path} cannot be read: {os.strerror(problem.errno or 0)}.") from problem


def _flat(table: Mapping[str, Any], path: Path) -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if key in TABLES and isinstance(value, dict):
            for inner, inner_value in value.items():
                yield _known(f"{key}.{inner}", inner_value, path)
        else:
            yield _known(key, value, path)


def _known(name: str, value: Any, path: Path) -> tuple[str, Any]:
    setting = BY_NAME.get(name)
    if setting is None:
        near = difflib.get_close_matches(name, BY_NAME)
        advice = f"Did you mean {', '.join(near)}?" if near else "`poise doctor --config` lists every setting."
        raise UsageError(f"{path}: there is no setting {name!r}.", advice)
    return name, setting.checked(value, str(path))


def shown(setting: Setting, value: Any) -> Any:
    """Return a value as it may be shown: no token, no password inside an address."""
    if setting.name.endswith(("token", ".password")) and value:
        return "(set, not shown)"
    return PASSWORD.sub(r"\1***\2", value) if isinstance(value, str) else value


PASSWORD = re.compile(r"(://[^:/@\s]*:)[^@\s]*(@)")
