"""Reads disks in a process of its own, which a hostile disk may crash, fill or hang: that is a gap, with the reason.

The parent keeps the credentials and serves blocks; the child has neither network nor files
(:mod:`poise.disk.confinement`).
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import msgspec

from poise.disk import wire
from poise.disk.facts.limits import Limits
from poise.disk.facts.machine import Identity
from poise.disk.scanned import Scanned
from poise.disk.source.block import BLOCK_BYTES, BlockUnread
from poise.disk.source.cache import CachedSource
from poise.model.errors import BadInput

START = "import sys; sys.path[:] = sys.argv[1:]; from poise.disk.sandbox_child import main; main()"
MOST_TRACE_BYTES = 16 << 10
GRACE_S = 5.0
"""Seconds that a child has to end once it has sent its result."""


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What reading one machine may cost."""

    wall_s: float = 900.0
    """Seconds on the clock."""
    cpu_s: int = 600
    """Seconds of CPU."""
    memory_bytes: int = 1 << 30
    """Address space."""
    limits: Limits = field(default_factory=Limits)
    """Files, depth, expansion."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """What is to be read."""

    identity: Identity
    disks: Sequence[CachedSource] = ()
    folder: Path | None = None
    """A folder of this machine instead of disks."""
    passphrases: Sequence[str] = ()
    """Keys for encrypted volumes."""
    secret_key: bytes | None = None
    """Key of fingerprints; None if no file is to be searched for secrets."""
    bounds: Bounds = field(default_factory=Bounds)


class _Failed(Exception):
    """The child cannot go on; the text is the reason."""


def read_confined(job: Job) -> Scanned:
    """Read disks or a folder in a confined process. Nothing is raised for what they hold: a failure is a gap."""
    child = subprocess.Popen(  # noqa: S603 - our own interpreter with our own code
        [sys.executable, "-I", "-c", START, *sys.path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"LC_ALL": "C.UTF-8"},
        cwd="/",
        bufsize=0,
    )
    try:
        return _Conversation(child, job).result()
    except _Failed as problem:
        return _nothing(str(problem))
    except BadInput as problem:
        return _nothing(problem.what)
    finally:
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout, child.stderr):
            if pipe is not None:
                pipe.close()


def _nothing(reason: str) -> Scanned:
    return Scanned(machine=None, software=None, secrets=None, volumes=(), gaps=(reason,))


class _Conversation:
    """Serves the blocks that a child asks for until it sends a result."""

    def __init__(self, child: subprocess.Popen[bytes], job: Job) -> None:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stderr is not None
        self._child = child
        self._job = job
        self._stdin, self._stdout = child.stdin, child.stdout
        self._pending = bytearray()
        self._ends = time.monotonic() + job.bounds.wall_s
        self._trace = bytearray()
        self._listener = threading.Thread(target=self._listen, args=(child.stderr,), daemon=True)

    def result(self) -> Scanned:
        """Return what the child read; raises :class:`_Failed`, `BadInput`."""
        self._listener.start()
        self._ask()
        while True:
            kind = bytes(self._take(1))
            if kind == b"D":
                length = wire.LENGTH.unpack(self._take(wire.LENGTH.size))[0]
                if length > wire.MOST_RESULT_BYTES:
                    raise _Failed(f"the reading process sent {length:,} bytes, more than is allowed")
                return wire.scanned(bytes(self._take(length)), self._job.identity)
            self._serve(kind + self._take(wire.READ.size - 1))

    def _ask(self) -> None:
        job = self._job
        request = wire.Request(
            identity=job.identity,
            sizes=tuple(disk.size for disk in job.disks),
            folder=os.path.realpath(job.folder) if job.folder else None,
            passphrases=tuple(job.passphrases),
            secret_key=job.secret_key,
            limits=job.bounds.limits,
            memory_bytes=job.bounds.memory_bytes,
            cpu_s=job.bounds.cpu_s,
        )
        content = msgspec.json.encode(request)
        self._send(wire.LENGTH.pack(len(content)) + content)

    def _serve(self, asked: bytes) -> None:
        kind, number, index = wire.READ.unpack(asked)
        if kind not in (b"R", b"P") or number >= len(self._job.disks):
            raise _Failed("the reading process sent something else than was agreed")
        disk = self._job.disks[number]
        if kind == b"P":
            disk.prefetch((index,))
            return
        try:
            block = disk.read_block(index) if index * BLOCK_BYTES < disk.size else None
        except BlockUnread as problem:
            reason = problem.reason.encode()[: wire.MOST_REASON_BYTES]
            self._send(wire.LENGTH.pack(wire.REFUSED) + wire.LENGTH.pack(len(reason)) + reason)
            return
        self._send(wire.LENGTH.pack(len(block or b"")), block or b"")

    def _send(self, *pieces: bytes) -> None:
        """Send as much as the child takes; one that ended is found out by what it said last, or by its silence."""
        with contextlib.suppress(BrokenPipeError):
            for piece in pieces:
                view = memoryview(piece)
                while view:
                    self._wait(self._stdin, for_reading=False)
                    view = view[os.write(self._stdin.fileno(), view) :]

    def _take(self, length: int) -> bytearray:
        while len(self._pending) < length:
            self._wait(self._stdout, for_reading=True)
            piece = os.read(self._stdout.fileno(), 1 << 20)
            if not piece:
                raise _Failed(self._why_ended())
            self._pending += piece
        taken, self._pending = self._pending[:length], self._pending[length:]
        return taken

    def _wait(self, pipe: IO[bytes], for_reading: bool) -> None:
        left = self._ends - time.monotonic()
        ready = select.poll()
        ready.register(pipe.fileno(), select.POLLIN if for_reading else select.POLLOUT)
        if left <= 0 or not ready.poll(left * 1000):
            raise _Failed(f"reading it took longer than {self._job.bounds.wall_s:g} s")

    def _why_ended(self) -> str:
        """Return why the child ended without a result."""
        try:
            code = self._child.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            return "the reading process closed its pipe"
        self._listener.join(GRACE_S)
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return f"reading it used more than {self._job.bounds.cpu_s} s of CPU, or the system killed it"
        if code < 0:
            return f"the reading process crashed ({signal.Signals(-code).name})"
        lines = bytes(self._trace).decode("utf-8", "replace").strip().splitlines()
        return f"the reading process failed: {lines[-1][:500] if lines else f'exit code {code}'}"

    def _listen(self, stderr: IO[bytes]) -> None:
        """Keep the end of what the child complains of."""
        try:
            while piece := os.read(stderr.fileno(), 4096):
                self._trace += piece
                del self._trace[:-MOST_TRACE_BYTES]
        except (OSError, ValueError):
            return
