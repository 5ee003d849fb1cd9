"""Takes from this process, by the kernel, all files but some folders, which it may only read (Landlock, Linux 5.13).

Native code is bound by it too, and a process so restricted can neither trace nor signal one that is not.
Source: `landlock(7)`, `landlock_create_ruleset(2)`.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

CREATE, ADD, RESTRICT = 444, 445, 446
"""Numbers of the system calls, the same on every architecture."""
ASK_VERSION, PATH_BENEATH = 1, 1
READ_FILE, READ_FOLDER = 1 << 2, 1 << 3
FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
"""Version of the kernel's interface -> rights over files that it knows."""
NETWORK_SINCE, NETWORK = 4, 0b11
SCOPES_SINCE, SCOPES = 6, 0b11


def version() -> int:
    """Return which version of Landlock the kernel offers; 0 for none."""
    return max(0, int(ctypes.CDLL(None).syscall(CREATE, None, 0, ASK_VERSION)))


def restrict(paths: Iterable[str]) -> bool:
    """Leave to this process nothing but reading below some paths; return False where the kernel cannot."""
    offered = version()
    if not offered:
        return False
    libc = ctypes.CDLL(None)
    rules = _rules(offered)
    ruleset = int(libc.syscall(CREATE, rules, len(rules), 0))
    if ruleset < 0:
        return False
    try:
        for path in sorted({path for path in paths if Path(path).exists()}):
            _allow(libc, ruleset, path)
        return int(libc.syscall(RESTRICT, ruleset, 0)) == 0
    finally:
        os.close(ruleset)


def _rules(offered: int) -> bytes:
    """Return what the ruleset governs: everything that this version of the interface can take away."""
    words = [FILE_RIGHTS[max(known for known in FILE_RIGHTS if known <= offered)]]
    words += [NETWORK] if offered >= NETWORK_SINCE else []
    words += [SCOPES] if offered >= SCOPES_SINCE else []
    return struct.pack(f"={len(words)}Q", *words)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str) -> None:
    rights = READ_FILE | READ_FOLDER if Path(path).is_dir() else READ_FILE
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        libc.syscall(ADD, ruleset, PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)
