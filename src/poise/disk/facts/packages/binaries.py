"""Package lists inside compiled programs: Go's build information and the audit data of Rust programs.

Sources: Go's debug/buildinfo (a mark of 14 bytes, then size of pointers and flags; flag 2 says that the texts follow in
place, else pointers to them do), and cargo-auditable's PARSING.md (`.dep-v0`: JSON deflated with zlib).
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from poise.disk.facts.packages import executable
from poise.disk.facts.packages.documents import parse_json, tables, word
from poise.disk.facts.packages.executable import Program, Section
from poise.disk.facts.packages.package import package
from poise.disk.facts.reading import Reading
from poise.model.errors import BadInput
from poise.model.host.software import Package

GO_MARK = b"\xff Go buildinf:"
GO_SEARCHED = 1 << 20
GO_MOST_TEXT = 4 << 20
GO_VERSION = re.compile(r"go(?P<version>\d[\w.]*)")
GO_MAIN = re.compile(r"^mod\t(?P<name>\S+)\t(?:\(devel\))?\t?$", re.MULTILINE)
GO_FLAGS = re.compile(r"^build\t-ldflags=.*?-X[ =]'?\S*?[vV]ersion=(?P<version>v?\d+\.\d+\.\d+[\w.+-]*)", re.MULTILINE)
"""A main module without a version of its own is often told one by its linker."""
RUST_SECTION = ".dep-v0"
RUST_MOST = 16 << 20


def read_binary(reading: Reading, path: str) -> Iterator[Package]:
    """Yield the packages that were compiled into a program; none if it holds no list, or is no program."""
    with reading.open(path) as file:
        program = executable.parse(file)
        if program:
            yield from _go(file, program, path)
            yield from _rust(file, program, path)


def _go(file: BinaryIO, program: Program, path: str) -> Iterator[Package]:
    texts = _go_texts(file, program)
    if texts is None:
        return
    match = GO_VERSION.match(texts[0])
    if match:
        yield package("stdlib", match["version"], ecosystem="golang", place=path)
    yield from (package(name, version, ecosystem="golang", place=path) for name, version in go_modules(texts[1]))
    main, flags = GO_MAIN.search(texts[1]), GO_FLAGS.search(texts[1])
    if main and flags:
        yield package(main["name"], flags["version"], ecosystem="golang", place=path, guessed=True)


def go_modules(text: str) -> list[tuple[str, str]]:
    """Return name and version of the modules of a build: what replaced one in its place, no unversioned ones."""
    found: list[tuple[str, str]] = []
    for line in text.split("\n"):
        parts = line.split("\t")
        if parts[0] == "=>" and len(parts) >= 3 and found:
            found[-1] = (parts[1], parts[2])
        elif parts[0] in ("mod", "dep") and len(parts) >= 3:
            found.append((parts[1], parts[2]))
    return [(name, version) for name, version in found if name and version not in ("", "(devel)")]


def _go_texts(file: BinaryIO, program: Program) -> tuple[str, str] | None:
    """Return the version of Go and the text of modules, or None if the program was not made by Go."""
    section = _go_section(program)
    if section is None:
        return None
    data = executable.content(file, section, GO_SEARCHED)
    start = data.find(GO_MARK)
    while start >= 0 and start % 16:
        start = data.find(GO_MARK, start + 1)
    if start < 0 or len(data) < start + 32:
        return None
    if data[start + 15] & 2:
        head = executable.content(file, section, start + GO_MOST_TEXT)[start + 32 :]
        version, rest = _inline(head)
        modules, _ = _inline(rest)
        return version.decode("utf-8", "replace"), _between_marks(modules)
    return _by_pointers(file, program, data[start : start + 32])


def _go_section(program: Program) -> Section | None:
    named = [s for s in program.sections if s.name == ".go.buildinfo"]
    if program.kind == "elf":
        return next(iter(named or [s for s in program.segments if s.flags & 7 == 6]), None)
    return next(
        iter(named or [s for s in program.sections if s.flags & executable.WRITABLE == executable.WRITABLE]), None
    )


def _inline(data: bytes) -> tuple[bytes, bytes]:
    """Return a text behind its length (a varint) and what follows it."""
    size = shift = 0
    for at, byte in enumerate(data[:5]):
        size |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            if size > len(data) - at - 1:
                raise BadInput("a text of Go's build information is cut off, or too long")
            return data[at + 1 : at + 1 + size], data[at + 1 + size :]
    raise BadInput("a length in Go's build information has no end")


def _by_pointers(file: BinaryIO, program: Program, head: bytes) -> tuple[str, str]:
    size = head[14]
    if size not in (4, 8):
        raise BadInput("Go's build information states an impossible size of pointers")
    order = ">" if head[15] & 1 else "<"
    form = f"{order}{'QQ' if size == 8 else 'II'}"
    texts = []
    for pointer in struct.unpack_from(form, head, 16):
        place, length = struct.unpack(form, executable.at_address(file, program, pointer, 2 * size))
        if length > GO_MOST_TEXT:
            raise BadInput("a text of Go's build information is too long")
        texts.append(executable.at_address(file, program, place, length) if length else b"")
    return texts[0].decode("utf-8", "replace"), _between_marks(texts[1])


def _between_marks(text: bytes) -> str:
    """Return the text of modules without the 16 bytes that mark its start and its end."""
    inside = text[16:-16] if len(text) >= 33 and text[-17:-16] == b"\n" else text
    return inside.decode("utf-8", "replace")


def _rust(file: BinaryIO, program: Program, path: str) -> Iterator[Package]:
    section = next((s for s in program.sections if s.name == RUST_SECTION), None)
    if section is None:
        return
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(executable.content(file, section, RUST_MOST), RUST_MOST)
    except zlib.error as problem:
        raise BadInput(f"{path}: the audit data of Rust cannot be inflated: {problem}") from problem
    if unpacker.unconsumed_tail:
        raise BadInput(f"{path}: the audit data of Rust inflates to more than {RUST_MOST} bytes")
    for entry in tables(parse_json(data, path), "packages"):
        name, version = word(entry, "name"), word(entry, "version")
        if name and version and word(entry, "source") in ("", "crates.io", "registry", "git"):
            yield package(name, version, ecosystem="cargo", place=path, development=word(entry, "kind") == "build")
