"""Who may do what to the files of a machine."""

from __future__ import annotations

from collections.abc import Iterable

from poise.model.host.machine import Machine
from poise.model.host.system import FileMode
from poise.model.verdict import Verdict, healthy, not_applicable, unhealthy


def octal(mode: int) -> str:
    """Return a mode as `chmod` takes it: `0640`."""
    return f"{mode:04o}"


def require(machine: Machine, paths: Iterable[str], most: int, groups: frozenset[str] = frozenset({"root"})) -> Verdict:
    """Judge sensitive files: healthy if root owns each, its group is one of some, and no bit beyond ``most`` is set.

    A path that ends with `*` stands for every path that begins so. Those that do not exist are left out.
    """
    named = [found for found in machine.file_modes if _is_among(found.path, tuple(paths))]
    chosen = [found for found in named if found.kind != "link"]
    if not chosen:
        return not_applicable("there is no such file")
    names = {group.gid: group.name for group in machine.groups} | {0: "root"}
    for found in chosen:
        fault = _fault(found, most, names.get(found.gid, str(found.gid)) in groups)
        if fault:
            seen = {"path": found.path, "mode": octal(found.mode), "uid": found.uid, "gid": found.gid}
            return unhealthy(f"{found.path} {fault}", seen)
    return healthy(f"root owns {_listed(chosen)}, and no one else may do more than they should")


def _fault(found: FileMode, most: int, has_good_group: bool) -> str:
    if found.uid != 0:
        return f"belongs to user {found.uid}, not to root"
    if found.mode & ~most:
        return f"has mode {octal(found.mode)}; at most {octal(most)} is needed"
    if not has_good_group and found.mode & 0o070:
        return f"may be used by group {found.gid}"
    return ""


def _is_among(path: str, wanted: tuple[str, ...]) -> bool:
    return any(path.startswith(word[:-1]) if word.endswith("*") else path == word for word in wanted)


def _listed(found: Iterable[FileMode]) -> str:
    paths = [each.path for each in found]
    return paths[0] if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more"
