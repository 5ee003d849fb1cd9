"""Evaluates tenants' rules in a child process with bounds on time and memory."""

from __future__ import annotations

import os
import re
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import msgspec

from poise.assess.custom.rule import Compiled
from poise.model.errors import BadInput, PoiseError, UsageError

LENGTH_BYTES = 4
START_S = 20.0
"""How long the process may take to start and answer its first question."""
ANSWER_S = 2.0
"""How long one rule may take on one asset."""
LARGEST_ANSWER = 1 << 20
"""Bytes."""
_PLACE = re.compile(r"<input>:(\d+):(\d+): (.*)")


class RuleFailed(PoiseError):
    """A rule gave no truth value for an asset: an error of the expression, too much time or memory."""


class Sandbox:
    """A process that evaluates rules; started when first asked, replaced when it had to be killed.

    Use it as a context manager: leaving it ends the process. Threads take turns.
    """

    def __init__(self, answer_s: float = ANSWER_S) -> None:
        self._answer_s = answer_s
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def compile(self, rule: str, variables: Mapping[str, str]) -> Compiled:
        """Compile a rule; see :class:`~poise.assess.custom.rule.Evaluator`."""
        answer = self._ask({"do": "compile", "rule": rule, "variables": dict(variables)})
        if "error" in answer:
            raise BadInput(f"The rule {rule!r}: {_placed(answer['error'])}")
        return Compiled(frozenset(answer["uses"]))

    def evaluate(self, rule: str, variables: Mapping[str, str], values: Mapping[str, Any]) -> bool:
        """Evaluate a rule; see :class:`~poise.assess.custom.rule.Evaluator`."""
        used = {name: variables[name] for name in values}
        answer = self._ask({"do": "evaluate", "rule": rule, "variables": used, "values": dict(values)})
        if "error" in answer:
            raise RuleFailed(f"The rule {rule!r} failed: {answer['error']}.")
        return bool(answer["value"])

    def _ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        message = msgspec.msgpack.encode(request)
        with self._lock:
            started = self._process is None
            process = self._process = self._process or _start()
            try:
                return _exchange(process, message, START_S if started else self._answer_s)
            except (OSError, EOFError, TimeoutError) as gone:
                self.close()
                took_long = isinstance(gone, TimeoutError)
                why = f"took longer than {self._answer_s:g} s" if took_long else "used too much memory or crashed"
                raise RuleFailed(f"The rule {request['rule']!r} {why}.") from None


def _start() -> subprocess.Popen[bytes]:
    if find_spec("cel_expr_python") is None:
        raise UsageError("Your own checks need the extra `cel`.", "Install it: pip install 'poise[cel]'")
    command = [sys.executable, "-m", "poise.app.custom.child"]
    # Nothing else of the environment, which may hold credentials; paths are made whole, as it may start anywhere.
    environment = {"PYTHONPATH": os.pathsep.join(str(Path(entry).resolve()) for entry in sys.path)}
    return subprocess.Popen(  # noqa: S603 - our own module, no shell
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        env=environment,
    )


def _exchange(process: subprocess.Popen[bytes], message: bytes, patience_s: float) -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    until = time.monotonic() + patience_s
    process.stdin.write(len(message).to_bytes(LENGTH_BYTES, "big") + message)
    length = int.from_bytes(_read(process.stdout, LENGTH_BYTES, until), "big")
    if length > LARGEST_ANSWER:
        raise EOFError
    answer: dict[str, Any] = msgspec.msgpack.decode(_read(process.stdout, length, until))
    return answer


def _read(pipe: BinaryIO | Any, count: int, until: float) -> bytes:
    """Read a number of bytes before a moment; raises TimeoutError, or EOFError if the process is gone."""
    found = b""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while len(found) < count:
            if not selector.select(max(until - time.monotonic(), 0)):
                raise TimeoutError
            piece = pipe.read(count - len(found))
            if not piece:
                raise EOFError
            found += piece
    return found


def _placed(message: str) -> str:
    """Return a message of the compiler with its line and column in front."""
    found = _PLACE.search(message)
    return f"line {found[1]}, column {found[2]}: {found[3].removesuffix(' [INVALID_ARGUMENT]')}" if found else message
