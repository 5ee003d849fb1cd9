"""Compiles and evaluates expressions of CEL in a process of its own, which may be killed at any moment.

Messages are MessagePack, each after its length in four bytes, on standard input and output. The process holds no
credentials and reads no files. Run by :mod:`poise.app.custom.sandbox`.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any, BinaryIO

import msgspec
from cel_expr_python import cel

MEMORY_BYTES = 1 << 30
"""Address space of the process; the library and the interpreter take 300 MB of it."""
LENGTH_BYTES = 4
"""Bytes that say how long a message is."""
_TYPES = {
    "string": cel.Type.STRING,
    "bool": cel.Type.BOOL,
    "int": cel.Type.INT,
    "double": cel.Type.DOUBLE,
    "timestamp": cel.Type.TIMESTAMP,
    "list": cel.Type.List(cel.Type.DYN),
    "map": cel.Type.Map(cel.Type.STRING, cel.Type.DYN),
    "dyn": cel.Type.DYN,
}
Programs = dict[tuple[str, tuple[tuple[str, str], ...]], Any]


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more."""
    programs: Programs = {}
    while head := requests.read(LENGTH_BYTES):
        request = msgspec.msgpack.decode(requests.read(int.from_bytes(head, "big")))
        answer = msgspec.msgpack.encode(_answer(request, programs))
        answers.write(len(answer).to_bytes(LENGTH_BYTES, "big") + answer)
        answers.flush()


def _answer(request: Mapping[str, Any], programs: Programs) -> dict[str, Any]:
    try:
        if request["do"] == "compile":
            return {"uses": _compile(request["rule"], request["variables"])}
        return _evaluate(request, programs)
    except (RuntimeError, ValueError, TypeError, OverflowError, MemoryError) as wrong:
        return {"error": str(wrong) or type(wrong).__name__}


def _compile(rule: str, variables: Mapping[str, str]) -> list[str]:
    """Return the variables that a rule reads: those without which it does not compile."""
    program = _program(rule, variables)
    if program.return_type().name() not in ("BOOL", "DYN"):
        raise ValueError(f"the rule gives {program.return_type().name()}, not a truth value")
    return [name for name in variables if name.rpartition(".")[2] in rule and not _compiles(rule, variables, name)]


def _compiles(rule: str, variables: Mapping[str, str], without: str) -> bool:
    try:
        _program(rule, {name: type for name, type in variables.items() if name != without})
    except RuntimeError:
        return False
    return True


def _program(rule: str, variables: Mapping[str, str]) -> Any:
    return cel.NewEnv(variables={name: _TYPES[type] for name, type in variables.items()}).compile(rule)


def _evaluate(request: Mapping[str, Any], programs: Programs) -> dict[str, Any]:
    rule, variables = request["rule"], request["variables"]
    key = (rule, tuple(variables.items()))
    if key not in programs:
        programs[key] = _program(rule, variables)
    values = {name: _value(variables[name], value) for name, value in request["values"].items()}
    found = programs[key].eval(data=values)
    if found.type() != cel.Type.BOOL:
        return {"error": str(found) if found.type() == cel.Type.ERROR else f"the rule gave {found}, no truth value"}
    return {"value": found.value()}


def _value(type: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if type == "timestamp" else value


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    serve(sys.stdin.buffer, sys.stdout.buffer)
