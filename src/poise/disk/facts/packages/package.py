"""Makes package records with their package URLs."""

from __future__ import annotations

from collections.abc import Mapping

from packageurl import PackageURL

from poise.model.host.software import Package
from poise.model.host.system import OperatingSystem

PURL_TYPES = {"windows": "generic"}
MOST_TEXT = 1000


def package(name: str, version: str, *, ecosystem: str, **facts: object) -> Package:
    """Return a package record; what is not given is empty. The package URL is made by :func:`with_url`."""
    filled: dict[str, object] = {
        "epoch": None,
        "release": "",
        "architecture": "",
        "source": "",
        "source_version": "",
        "module": "",
        "origin": "",
        "place": "",
        "owner": "",
        "state": "installed",
        "files_missing": False,
        "guessed": False,
        "development": False,
        "purl": "",
    }
    unknown = facts.keys() - filled.keys()
    if unknown:
        raise TypeError(f"a package has no {', '.join(sorted(unknown))}")
    values = {key: value[:MOST_TEXT] if isinstance(value, str) else value for key, value in (filled | facts).items()}
    return Package(name=name[:MOST_TEXT], version=version[:MOST_TEXT], ecosystem=ecosystem, **values)  # type: ignore[arg-type]


def package_url(found: Package, system: OperatingSystem) -> str:
    """Return the package URL of a package (https://github.com/package-url/purl-spec)."""
    kind = PURL_TYPES.get(found.ecosystem, found.ecosystem)
    namespace, name = _names(found, system)
    qualifiers = _qualifiers(found, system) if found.ecosystem in ("deb", "rpm", "apk") else {}
    version = found.full_version if found.ecosystem == "deb" else _without_epoch(found)
    if not name:
        return ""
    return PackageURL(kind, namespace, name, version or None, dict(qualifiers) or None).to_string()


def _names(found: Package, system: OperatingSystem) -> tuple[str | None, str]:
    if found.ecosystem in ("deb", "rpm", "apk"):
        return system.id or None, found.name
    if found.ecosystem == "maven":
        group, _, artifact = found.name.rpartition(":")
        return group or None, artifact
    if found.ecosystem in ("npm", "golang", "composer"):
        front, _, last = found.name.rpartition("/")
        return front or None, last
    return None, found.name


def _without_epoch(found: Package) -> str:
    return f"{found.version}{'-' if found.release else ''}{found.release}"


def _qualifiers(found: Package, system: OperatingSystem) -> Mapping[str, str]:
    values = {
        "arch": found.architecture,
        "epoch": str(found.epoch) if found.ecosystem == "rpm" and found.epoch else "",
        "upstream": _upstream(found),
        "distro": f"{system.id}-{system.version}" if system.id and system.version else system.id,
        "rpmmod": found.module if ":" in found.module else "",
    }
    return {key: value for key, value in values.items() if value}


def _upstream(found: Package) -> str:
    """Return the source package where it is not the package itself."""
    if found.ecosystem == "apk":
        return found.source if found.source != found.name else ""
    same_version = found.source_version in ("", found.full_version, _without_epoch(found))
    if not found.source or (found.source == found.name and same_version):
        return ""
    return found.source if same_version else f"{found.source}@{found.source_version}"
