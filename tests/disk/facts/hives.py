# ruff: noqa: E501
"""Makes small registry hives, by the published descriptions of the format (base block, hbin, nk, vk and lf cells)."""

import struct
from typing import Any

NONE = 0xFFFFFFFF
Tree = dict[str, Any]
"""A key: a name with a dict is a key inside, one with a text or number is a value."""


class _Bin:
    def __init__(self) -> None:
        self.data = bytearray(32)

    def cell(self, content: bytes) -> int:
        size = (len(content) + 4 + 7) // 8 * 8
        place = len(self.data)
        self.data += struct.pack("<i", -size) + content.ljust(size - 4, b"\0")
        return place

    def value(self, name: str, value: str | int) -> int:
        kind, data = (
            (4, struct.pack("<I", value)) if isinstance(value, int) else (1, (value + "\0").encode("utf-16-le"))
        )
        is_inline = len(data) <= 4
        place = struct.unpack("<I", data.ljust(4, b"\0"))[0] if is_inline else self.cell(data)
        size = len(data) | (0x80000000 if is_inline else 0)
        return self.cell(struct.pack("<2sHIIIHH", b"vk", len(name), size, place, kind, 1, 0) + name.encode())

    def key(self, name: str, tree: Tree, *, is_root: bool = False) -> int:
        keys = sorted(((n, t) for n, t in tree.items() if isinstance(t, dict)), key=lambda item: item[0].upper())
        inside = [(n, self.key(n, t)) for n, t in keys]
        values = [self.value(n, v) for n, v in tree.items() if not isinstance(v, dict)]
        listed = NONE
        if inside:
            rows = b"".join(struct.pack("<I4s", place, n.encode()[:4].ljust(4, b"\0")) for n, place in inside)
            listed = self.cell(struct.pack("<2sH", b"lf", len(inside)) + rows)
        values_at = self.cell(struct.pack(f"<{len(values)}I", *values)) if values else NONE
        head = struct.pack("<2sHQIIIIIIIIII", b"nk", 0x2C if is_root else 0x20, 0, 0, NONE, len(inside), 0, listed, NONE,
                           len(values), values_at, NONE, NONE)  # fmt: skip
        return self.cell(head + struct.pack("<IIIIIHH", 64, 0, 64, 64, 0, len(name), 0) + name.encode())


def hive(tree: Tree) -> bytes:
    """Return a hive file."""
    block = _Bin()
    root = block.key("ROOT", tree, is_root=True)
    left = -len(block.data) % 4096
    if left >= 8:
        block.data += struct.pack("<i", left).ljust(left, b"\0")
    block.data[:32] = struct.pack("<4sIIQQI", b"hbin", 0, len(block.data), 0, 0, 0)
    head = struct.pack("<4sIIQIIIIIII", b"regf", 1, 1, 0, 1, 3, 0, 1, root, len(block.data), 1).ljust(508, b"\0")
    checksum = 0
    for (word,) in struct.iter_unpack("<I", head):
        checksum ^= word
    return (head + struct.pack("<I", checksum)).ljust(4096, b"\0") + bytes(block.data)


def nested(path: str, values: Tree) -> Tree:
    """Return a key tree that holds values at a path."""
    for part in reversed(path.split("\\")):
        values = {part: values}
    return values


def joined(*trees: Tree) -> Tree:
    """Return key trees put together."""
    out: Tree = {}
    for tree in trees:
        for name, value in tree.items():
            out[name] = (
                joined(out[name], value) if isinstance(out.get(name), dict) and isinstance(value, dict) else value
            )
    return out
