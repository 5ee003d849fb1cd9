"""Java packages: every jar, war and ear, the jars inside them, and the artifacts shaded into them.

An artifact tells its coordinates in `META-INF/maven/.../pom.properties`; a shaded jar holds several. A jar without any
is named by its manifest or, as a guess, by its file name. Source: Maven's archiver page, the JAR specification, OSGi.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from poise.disk.facts.packages.archive import Archive, archives
from poise.disk.facts.packages.package import package
from poise.disk.facts.reading import Reading
from poise.model.errors import BadInput
from poise.model.host.software import Package

FILE_NAME = re.compile(r"(?P<name>.+?)-(?P<version>\d[\w.+-]*)\.\w+$")
SUFFIXES = re.compile(r"-(?:sources|javadoc|tests|jar-with-dependencies|all|shaded|exec|boot)$")
POM = re.compile(r"META-INF/maven/[^/]+/[^/]+/pom\.properties$")
MANIFEST = "META-INF/MANIFEST.MF"
MOST_TEXT = 1 << 20
MOST_POMS = 5000
VERSION_KEYS = ("Implementation-Version", "Bundle-Version", "Specification-Version", "Plugin-Version")
NAME_KEYS = ("Implementation-Title", "Bundle-SymbolicName", "Automatic-Module-Name", "Short-Name", "Extension-Name")
GROUP = re.compile(r"[a-z][\w-]*(?:\.[\w-]+)+")
COORDINATE = re.compile(r"[\w.+-]+")


def read_java(reading: Reading, path: str) -> Iterator[Package]:
    """Yield the artifacts of an archive and of those inside it."""
    with reading.open(path) as file:
        for archive in archives(reading, file, path):
            yield from _artifacts(reading, archive)


def _artifacts(reading: Reading, archive: Archive) -> Iterator[Package]:
    found = list(_of_poms(reading, archive))
    yield from found
    name = archive.place.rpartition("/")[2]
    if not any(_fits(p, name) for p in found):
        own = _of_manifest(reading, archive, name)
        if own and not any(own.name.rpartition(":")[2] == p.name.rpartition(":")[2] for p in found):
            yield own


def _of_poms(reading: Reading, archive: Archive) -> Iterator[Package]:
    poms = [m for m in archive.members if POM.search(m.filename)]
    if len(poms) > MOST_POMS:
        reading.miss(archive.place, f"more than {MOST_POMS} artifacts shaded in: the rest is not read")
    for member in poms[:MOST_POMS]:
        try:
            values = properties(archive.content(member, MOST_TEXT).decode("utf-8", "replace"))
        except BadInput as problem:
            reading.miss(archive.place, str(problem))
            continue
        words = [values.get(key, "") for key in ("groupId", "artifactId", "version")]
        if all(COORDINATE.fullmatch(word) for word in words):
            yield package(f"{words[0]}:{words[1]}", words[2], ecosystem="maven", place=archive.place)


def properties(text: str) -> dict[str, str]:
    """Return the entries of a Java properties file that are plain words."""
    return dict(re.findall(r"^[ \t]*([A-Za-z.]+)[ \t]*[=:][ \t]*(.*?)[ \t\r]*$", text, re.MULTILINE))


def manifest(text: str) -> dict[str, str]:
    """Return the main attributes of a manifest, continued lines joined."""
    joined = re.sub(r"\r?\n ", "", text)
    head = re.split(r"\r?\n\r?\n", joined, maxsplit=1)[0]
    return dict(re.findall(r"^([\w-]+):[ \t]*(.*?)[ \t\r]*$", head, re.MULTILINE))


def _of_manifest(reading: Reading, archive: Archive, file_name: str) -> Package | None:
    member = next((m for m in archive.members if m.filename == MANIFEST), None)
    values: dict[str, str] = {}
    if member:
        try:
            values = manifest(archive.content(member, MOST_TEXT).decode("utf-8", "replace"))
        except BadInput as problem:
            reading.miss(archive.place, str(problem))
    by_name = FILE_NAME.match(file_name)
    stated = next((values[key] for key in VERSION_KEYS if COORDINATE.fullmatch(values.get(key, ""))), "")
    version = SUFFIXES.sub("", by_name["version"]) if by_name else stated
    artifact = by_name["name"] if by_name else _named(values)
    if not artifact or not version:
        return None
    group = _group(values, artifact)
    name = f"{group}:{artifact}" if group else artifact
    return package(name, version, ecosystem="maven", place=archive.place, guessed=True)


def _named(values: dict[str, str]) -> str:
    words = (values.get(key, "").partition(";")[0].strip() for key in NAME_KEYS)
    return next((word for word in words if word and COORDINATE.fullmatch(word)), "")


def _group(values: dict[str, str], artifact: str) -> str:
    """Return the group that a manifest states, else the symbolic name without the artifact behind it."""
    stated = values.get("Implementation-Vendor-Id", "")
    if GROUP.fullmatch(stated):
        return stated
    symbolic = values.get("Bundle-SymbolicName", "").partition(";")[0].strip()
    front = symbolic.removesuffix(f".{artifact}")
    return front if front != symbolic and GROUP.fullmatch(front) else ""


def _fits(found: Package, file_name: str) -> bool:
    """Whether the file is named after an artifact."""
    artifact = found.name.rpartition(":")[2]
    return file_name == f"{artifact}.{file_name.rpartition('.')[2]}" or file_name.startswith(
        f"{artifact}-{found.version}"
    )
