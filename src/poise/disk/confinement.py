"""Takes from a process what reading a disk does not need: memory and time without bound, network, writing, other files.

Four layers: limits of the kernel, a network namespace of its own where the kernel allows one, Landlock where the kernel
has it, and an audit hook (PEP 578) that no Python code can take off. The libyal bindings are native code: what they may
do is bounded by the first three and by what the process holds, which is no credential.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from collections.abc import Sequence
from typing import Any

from poise.disk.landlock import restrict
from poise.disk.wire import Request

MOST_FILES_OPEN = 64
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
"""`CLONE_NEWUSER` and `CLONE_NEWNET` (`unshare(2)`)."""
NO_NEW_PRIVILEGES = 38
"""`PR_SET_NO_NEW_PRIVS` (`prctl(2)`)."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
FORBIDDEN = frozenset(
    {
        "ctypes.dlopen",
        "os.chmod",
        "os.chown",
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.kill",
        "os.link",
        "os.mkdir",
        "os.posix_spawn",
        "os.putenv",
        "os.remove",
        "os.rename",
        "os.rmdir",
        "os.symlink",
        "os.system",
        "os.truncate",
        "os.utime",
        "pty.spawn",
        "socket.__new__",
        "socket.bind",
        "socket.connect",
        "socket.getaddrinfo",
        "subprocess.Popen",
    }
)
"""Audit events that reading a disk never raises (Python documentation, "Audit events table")."""
LIBRARIES = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/etc/ld.so.cache",
    os.devnull,
    "/dev/urandom",
)
"""What the loader of native modules reads beside the folders of Python."""
MEMORY_DATABASE = ":memory:"


def confine(request: Request) -> None:
    """Confine this process for good."""
    _limit(request)
    _leave_network(keep_rights=request.folder is not None)
    allowed = [os.path.realpath(path) for path in (*sys.path, sys.prefix, sys.base_prefix) if path]
    allowed += [request.folder] if request.folder else []
    restrict((*allowed, *LIBRARIES))
    sys.addaudithook(_hook(allowed))


def _limit(request: Request) -> None:
    bounds = {
        resource.RLIMIT_AS: request.memory_bytes,
        resource.RLIMIT_CPU: request.cpu_s,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: MOST_FILES_OPEN,
        resource.RLIMIT_CORE: 0,
    }
    for kind, bound in bounds.items():
        hard = resource.getrlimit(kind)[1]
        most = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (most, most))


def _leave_network(keep_rights: bool) -> None:
    """Enter an empty network namespace; for a disk, a user namespace too, which gives the rights of root away."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if keep_rights and os.geteuid() == 0:
        libc.unshare(NEW_NETWORK)
    else:
        libc.unshare(NEW_USER | NEW_NETWORK)


def _hook(allowed: Sequence[str]) -> Any:
    """Return the hook: it raises `PermissionError` for what is not needed, such as files outside of allowed folders."""
    below = tuple(f"{path.rstrip('/')}/" for path in allowed)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in FORBIDDEN:
            raise PermissionError(f"{event} is not allowed while a disk is read")
        if event == "open":
            _check_open(arguments, allowed, below)
        elif event == "sqlite3.connect" and arguments[0] != MEMORY_DATABASE:
            raise PermissionError("only databases in memory are allowed while a disk is read")

    return hook


def _check_open(arguments: tuple[Any, ...], allowed: Sequence[str], below: tuple[str, ...]) -> None:
    path, mode, flags = arguments
    if (isinstance(flags, int) and flags & WRITING) or (isinstance(mode, str) and set(mode) & set("wax+")):
        raise PermissionError("writing is not allowed while a disk is read")
    if isinstance(path, int):
        return
    real = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - nothing is to be resolved before it is allowed
    if real not in allowed and not real.startswith(below):
        raise PermissionError(f"{real} is not allowed while a disk is read")
