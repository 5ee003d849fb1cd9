"""A shell on a host, through the system's own `ssh`: known hosts are enforced, and only reading commands are sent.

One connection carries every question. The far side is a small loop of POSIX `sh`: it answers each line that asks for
something with one line, in Base64, so that no content can be taken for an answer.
"""

from __future__ import annotations

import base64
import binascii
import os
import selectors
import shlex
import signal
import subprocess
import time
from collections.abc import Sequence
from types import TracebackType

import msgspec

from poise.collect.host.hosts_file import Host
from poise.model.errors import NotRead
from poise.model.text import printable_block

CALL = "ssh:connect"
CONNECT_S = 15
"""How long connecting may take."""
HOST_S = 600.0
"""How long one host may take, all in all."""
MOST_LINE = 1 << 30
"""Longest answer, in bytes."""
LAST_WORDS_S, MOST_LAST_WORDS = 2, 1 << 20
"""How long, and how many bytes, are heard of why a connection ended: what the host says may have no end."""
MOST_REASON = 200
"""Characters that are shown of it."""
LOOP = r"""
set -f
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
line='
'
wrap() { base64 | tr -d '\n'; }
plain() { printf '%s' "$1" | base64 -d; }
mounted() {
  echo /
  while read -r device place kind rest; do
    case $kind in ext[234]|xfs|btrfs|zfs|f2fs|jfs|reiserfs|vfat|overlay|ufs) printf '%b\n' "$place";; esac
  done < /proc/mounts
}
walk() {
  IFS=$line
  if [ "$1" = / ]; then
    skip='/var/lib/docker/overlay2/*/*'
    set -- $(mounted | sort -u)
  else
    skip=//
  fi
  if find / -maxdepth 0 -printf '' 2>/dev/null; then
    echo gnu
    find "$@" -xdev -printf '%y %m %U %G %s %Ts\0%p\0%l\0' -path "$skip" -prune
  else
    echo stat
    find "$@" -xdev '(' -path "$skip" -prune -o ! -path "$skip" ')' -exec stat -c '%f %u %g %s %Y %n' {} +
  fi 2>/dev/null
  unset IFS
}
echo poise-ready
while IFS= read -r question; do
  what=${question%% *} rest=${question#* }
  case $what in
    who) { id -u; id -G; uname -sm; } | wrap ;;
    mounts) cat /proc/mounts 2>/dev/null | wrap ;;
    walk) walk "$(plain "$rest")" | gzip -1 | wrap ;;
    pack) plain "$rest" | tar -cf - -C / -T - 2>/dev/null | gzip -1 | wrap ;;
    read) path=$(plain "$rest"; printf .) path=${path%.}
      if [ -f "$path" ] && [ -r "$path" ]; then printf +; wrap < "$path"; else printf -- -; fi ;;
    link) path=$(plain "$rest"; printf .) path=${path%.}
      if [ -h "$path" ]; then printf +; readlink "$path" | wrap; else printf -- -; fi ;;
  esac
  echo
done
"""
"""What runs on the host. It writes nothing and changes nothing."""
_FAULTS = (
    ("REMOTE HOST IDENTIFICATION HAS CHANGED", "host key changed", "the host's key is not the one that is known"),
    ("Host key verification failed", "host key unknown", "the host's key is not among the known ones"),
    ("Permission denied", "denied", "the host refuses the key or user"),
    ("Could not resolve", "no such host", "the name cannot be resolved"),
    ("Connection refused", "refused", "nothing listens there"),
    ("timed out", "timeout", "no answer in time"),
    ("No route to host", "no route", "there is no route to it"),
    ("password is required", "sudo", "sudo asks for a password"),
    ("not in the sudoers", "sudo", "the user may not use sudo"),
)


class Ssh(msgspec.Struct, frozen=True, kw_only=True):
    """How `ssh` is called."""

    program: str = "ssh"
    """The client."""
    config: str = ""
    """Configuration file instead of the user's; `none` for none at all."""
    known_hosts: str = ""
    """File of known hosts instead of the user's."""
    connect_s: int = CONNECT_S
    """How long connecting may take."""
    host_s: float = HOST_S
    """How long one host may take, all in all."""

    def command(self, host: Host) -> list[str]:
        """Return the command that runs the loop on a host."""
        options = ["BatchMode=yes", "StrictHostKeyChecking=yes", f"ConnectTimeout={self.connect_s}"]
        options += ["ClearAllForwardings=yes", "ForwardAgent=no", "PermitLocalCommand=no", "RequestTTY=no"]
        options += ["ServerAliveInterval=15", "ServerAliveCountMax=4", "UpdateHostKeys=no"]
        if self.known_hosts:
            options.append(f"UserKnownHostsFile={self.known_hosts}")
        words = [self.program, *(["-F", self.config] if self.config else [])]
        words += [word for option in options for word in ("-o", option)]
        words += ["-p", str(host.port)] if host.port else []
        words += ["-i", os.path.expanduser(host.key), "-o", "IdentitiesOnly=yes"] if host.key else []  # noqa: PTH111
        words += ["-J", host.jump] if host.jump else []
        words += ["-l", host.user] if host.user else []
        far = f"exec {'sudo -n ' if host.sudo else ''}/bin/sh -c {shlex.quote(LOOP)}"
        return [*words, "--", host.address, far]


class Session:
    """An open connection to one host. Use it as a context manager; leaving it ends `ssh`."""

    def __init__(self, host: Host, ssh: Ssh) -> None:
        self._host = host
        self._until = time.monotonic() + ssh.host_s
        self._rest = b""
        try:
            self._process = subprocess.Popen(  # noqa: S603 - a fixed program; words were checked
                ssh.command(host),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as problem:
            raise NotRead(CALL, "no client", f"{ssh.program} cannot be run: {problem.strerror}") from problem
        self.bytes_read = 0

    def __enter__(self) -> Session:
        try:
            while self._line() != b"poise-ready":
                pass
        except NotRead:
            self.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End `ssh` and whatever it started, such as the way through a jump host."""
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def who(self) -> str:
        """Return number of the user, numbers of its groups, system and machine, a line each."""
        return self._decoded(self._ask("who -")).decode("ascii", "replace")

    def mounts(self) -> str:
        """Return what is mounted where, a line each, as `/proc/mounts` has it; empty if the host does not say."""
        return self._decoded(self._ask("mounts -")).decode("utf-8", "surrogateescape")

    def walk(self, path: str) -> bytes:
        """Return the listing of a folder with all below it, compressed by gzip.

        That of `/` leaves out what the layers of container images hold.
        """
        return self._decoded(self._ask(f"walk {_encoded(path)}"))

    def pack(self, paths: Sequence[str]) -> bytes:
        """Return an archive of some paths, those that there are: tar, compressed by gzip."""
        return self._decoded(self._ask(f"pack {_encoded(chr(10).join(paths))}"))

    def read(self, path: str) -> bytes | None:
        """Return the content of a file, or None if it is not there or may not be read."""
        answer = self._ask(f"read {_encoded(path)}")
        return self._decoded(answer[1:]) if answer[:1] == b"+" else None

    def link(self, path: str) -> str | None:
        """Return where a link leads, or None if there is none."""
        answer = self._ask(f"link {_encoded(path)}")
        if answer[:1] != b"+":
            return None
        return self._decoded(answer[1:]).removesuffix(b"\n").decode("utf-8", "surrogateescape")

    def _ask(self, question: str) -> bytes:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(question.encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            raise self._fault() from None
        return self._line()

    def _line(self) -> bytes:
        """Return the next line of the host's answer; raises :class:`NotRead`."""
        assert self._process.stdout is not None
        pieces = [self._rest]
        size = len(self._rest)
        while b"\n" not in pieces[-1]:
            piece = self._piece()
            pieces.append(piece)
            size += len(piece)
            if size > MOST_LINE:
                raise NotRead(CALL, "too large", f"{self._host.title} answers with more than {MOST_LINE} bytes")
        line, _, self._rest = b"".join(pieces).partition(b"\n")
        self.bytes_read += len(line)
        return line.strip()

    def _piece(self) -> bytes:
        assert self._process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            if not selector.select(max(self._until - time.monotonic(), 0)):
                raise NotRead(CALL, "timeout", f"{self._host.title} took too long")
        piece = os.read(self._process.stdout.fileno(), 1 << 20)
        if not piece:
            raise self._fault()
        return piece

    def _decoded(self, answer: bytes) -> bytes:
        try:
            return base64.b64decode(answer, validate=True)
        except binascii.Error as problem:
            raise NotRead(CALL, "malformed", f"{self._host.title} gave an answer that is no Base64") from problem

    def _fault(self) -> NotRead:
        """Return why the connection ended, in the words of `ssh`."""
        assert self._process.stderr is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stderr, selectors.EVENT_READ)
            heard, until = b"", time.monotonic() + LAST_WORDS_S
            while (
                len(heard) < MOST_LAST_WORDS
                and selector.select(max(until - time.monotonic(), 0))
                and (piece := os.read(self._process.stderr.fileno(), 65536))
            ):
                heard += piece
        text = printable_block(heard.decode("utf-8", "replace"))
        for words, code, reason in _FAULTS:
            if words in text:
                return NotRead(CALL, code, f"{self._host.title}: {reason}")
        last = text.strip().splitlines()[-1:] or ["the connection ended"]
        return NotRead(CALL, "failed", f"{self._host.title}: {last[0][:MOST_REASON]}")


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogateescape")).decode()
