"""Begins a new check: a file whose examples are red until its author has written the rule."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

import poise.checks
from poise import __version__
from poise.checks.catalog import nearest
from poise.model.asset import Asset
from poise.model.errors import UsageError
from poise.model.kinds import by_kind
from poise.model.samples.ordinary import ordinary, places

ID = re.compile(r"[a-z][a-z0-9]*\.[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
TEXT = Template('''"""$plural that ... (say what is bad about them, in one sentence).

(Say what may happen, in words that somebody who owns such a thing understands.)
"""

from poise.model import Check, Example, Fix, Severity, Verdict, not_applicable, replace
from $record_module import $record
from $sample_module import $sample


def evaluate($argument: $record) -> Verdict:
    return not_applicable("the rule is not written yet")


CHECK = Check(
    title="$plural should ...",
    asset=$record,
    severity=Severity.MEDIUM,
    since="$since",
    source="https://...",
    evaluate=evaluate,
    fix=Fix(
        console="Open {name} in the console, ...",
        cli="...",
        terraform="""
...
""",
    ),
    examples=(
        Example("as it should be", $sample, "healthy"),
        Example("as it should not be", replace($sample), "unhealthy", "..."),
        Example("unread", replace($sample, unread={"$field": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
''')


def skeleton(id: str, kind: str = "") -> str:
    """Return the text of a new check. ``kind`` is the name of a record class, e.g. ``S3Bucket``.

    Without it the first kind of the service's records is taken.
    """
    provider, service, _ = _parts(id)
    record = _record(provider, service, kind)
    module, sample = _sample(record)
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", record.__name__)
    return TEXT.substitute(
        plural=f"{words[:1]}{words[1:].lower() if not words[1:2].isupper() else words[1:]}s",
        record_module=record.__module__,
        record=record.__name__,
        sample_module=module,
        sample=sample,
        argument=words.split()[-1].lower(),
        since=__version__.rsplit(".", 1)[0],
        field=record.FACTS[0],
    )


def write_skeleton(id: str, kind: str = "", folder: Path | None = None) -> Path:
    """Write the skeleton below ``folder``, or among the checks that we ship; return the file.

    Raises :class:`UsageError` if the check is already there.
    """
    text = skeleton(id, kind)
    provider, service, name = _parts(id)
    root = folder or Path(poise.checks.__path__[0])
    path = root / provider / service / f"{name}.py"
    if path.exists():
        raise UsageError(f"{path} is already there.", "Choose another name, or edit it.")
    path.parent.mkdir(parents=True, exist_ok=True)
    for package, words in ((path.parent.parent, provider), (path.parent, f"{provider} {service}")):
        if not (package / "__init__.py").exists():
            (package / "__init__.py").write_text(f'"""Checks of {words}."""\n')
    path.write_text(text)
    return path


def _parts(id: str) -> tuple[str, str, str]:
    if not ID.fullmatch(id):
        raise UsageError(f"{id!r} is no id of a check.", "Write provider.service.bad_thing: aws.s3.versioning_off.")
    provider, service, name = id.split(".")
    return provider, service, name


def _record(provider: str, service: str, kind: str) -> type[Asset]:
    records = {record.__name__: record for record in by_kind().values() if provider == record.PROVIDER}
    if kind:
        if kind not in records:
            raise UsageError(f"There is no record {kind!r} of {provider}.", nearest(kind, records))
        return records[kind]
    for record in records.values():
        if record.__module__.endswith(f".{service}"):
            return record
    raise UsageError(
        f"No record is of the service {service!r}.", f"Pass --asset, one of {', '.join(records) or 'none'}."
    )


def _sample(record: type[Asset]) -> tuple[str, str]:
    """Return module and name of the ordinary asset of a kind."""
    ordinary(record)
    return places()[record][:2]
