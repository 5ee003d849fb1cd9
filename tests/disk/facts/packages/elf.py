"""Makes small ELF programs with named sections, by the System V ABI."""

import struct
import zlib


def elf(sections: dict[str, bytes]) -> bytes:
    """Return a 64-bit little-endian x86-64 program; each section is also a writable segment at its own address."""
    names = b"\0" + b"".join(name.encode() + b"\0" for name in (*sections, ".shstrtab"))
    contents = [*sections.values(), names]
    offset, places = 64 + 56 * len(contents), []
    offset += -offset % 16
    body = b""
    for content in contents:
        content += bytes(-len(content) % 16)
        places.append(offset + len(body))
        body += content
    table = offset + len(body)
    ident = b"\x7fELF\2\1\1" + bytes(9)
    head = ident + struct.pack(
        "<HHIQQQIHHHHHH", 2, 62, 1, 0, 64, table, 0, 64, 56, len(contents), 64, len(contents) + 1, len(contents)
    )
    segments = b"".join(
        struct.pack("<IIQQQQQQ", 1, 6, place, 0x400000 + place, 0, len(content), len(content), 16)
        for content, place in zip(contents, places, strict=True)
    )
    rows = bytes(64)
    for name, content, place in zip((*sections, ".shstrtab"), contents, places, strict=True):
        rows += struct.pack(
            "<IIQQQQIIQQ", names.index(name.encode()), 1, 3, 0x400000 + place, place, len(content), 0, 0, 16, 0
        )
    front = head + segments
    return front + bytes(offset - len(front)) + body + rows + bytes(4096)


def varint(number: int) -> bytes:
    out = b""
    while number >= 0x80:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def go_program(version: str, modules: str) -> bytes:
    """Return a program with Go's build information in place, as Go 1.18 and later write it."""
    framed = (
        b"\x30\x77\xaf\x0c\x92\x74\x08\x02\x41\xe1\xc1\x07\xe6\xd6\x18\xe6"
        + modules.encode()
        + b"\xf92C1\x86\x18 r\x00\x82B\x10A\x16\xd8\xf2"
    )
    head = b"\xff Go buildinf:" + bytes([8, 2]) + bytes(16)
    return elf({".go.buildinfo": head + varint(len(version)) + version.encode() + varint(len(framed)) + framed})


def rust_program(document: bytes) -> bytes:
    """Return a program with the audit data of cargo-auditable."""
    return elf({".dep-v0": zlib.compress(document)})
