"""Makes rpm headers and databases by hand, by rpm's format description and Berkeley DB's page layout."""

import struct

STRING, STRINGS, NUMBERS = 6, 8, 4


def header(**tags: object) -> bytes:
    """Return a header; keys are `t1000` and so on, values a text, a list of texts, or a list of numbers."""
    entries, store = b"", b""
    for key, value in tags.items():
        tag = int(key[1:])
        if isinstance(value, str):
            kind, count, data = STRING, 1, value.encode() + b"\0"
        elif isinstance(value, list) and isinstance(value[0], str):
            kind, count, data = STRINGS, len(value), b"".join(text.encode() + b"\0" for text in value)
        else:
            assert isinstance(value, list)
            store += bytes(-len(store) % 4)
            kind, count, data = NUMBERS, len(value), struct.pack(f">{len(value)}I", *value)
        entries += struct.pack(">IIII", tag, kind, len(store), count)
        store += data
    return struct.pack(">II", len(entries) // 16, len(store)) + entries + store


def ndb(blobs: list[bytes]) -> bytes:
    """Return an ndb database with one page of slots."""
    slots, body = b"", b""
    for index, blob in enumerate(blobs, 1):
        block = struct.pack("<4sIII", b"BlkS", index, 1, len(blob)) + blob
        block += bytes(-(len(block) + 12) % 16) + struct.pack("<II4s", 0, len(blob), b"BlkE")
        slots += struct.pack("<4sIII", b"Slot", index, (4096 + len(body)) // 16, len(block) // 16)
        body += block
    free = struct.pack("<4sIII", b"Slot", 0, 0, 0)
    slots += free * ((4096 - 32 - len(slots)) // 16)
    return struct.pack("<4sIIIIIII", b"RpmP", 0, 1, 1, len(blobs) + 1, 0, 0, 0) + slots + body


def bdb(blobs: list[bytes], order: str = "<", page: int = 4096) -> bytes:
    """Return a Berkeley DB hash with one hash page: the first blob is stored in it if it is small, others in chains."""
    pages: list[bytes] = [b"", b""]
    items: list[bytes] = [b"\1" + bytes(4), b"\1" + struct.pack("<I", len(blobs))]
    for index, blob in enumerate(blobs, 1):
        items.append(b"\1" + struct.pack(f"{order}I", index))
        if len(blob) < page // 4:
            items.append(b"\1" + blob)
            continue
        items.append(b"\3\0\0\0" + struct.pack(f"{order}II", len(pages), len(blob)))
        for start in range(0, len(blob), page - 26):
            piece = blob[start : start + page - 26]
            following = len(pages) + 1 if start + page - 26 < len(blob) else 0
            head = bytes(8) + struct.pack(f"{order}IIIHHBB", len(pages), 0, following, 1, len(piece), 0, 7)
            pages.append((head + piece).ljust(page, b"\0"))
    places, at, content = [], page, b""
    for item in items:
        at -= len(item)
        places.append(at)
        content = item + content
    head = bytes(8) + struct.pack(f"{order}IIIHHBB", 1, 0, 0, len(items), at, 0, 13)
    pages[1] = (head + struct.pack(f"{order}{len(places)}H", *places)).ljust(at, b"\0") + content
    meta = bytes(8) + struct.pack(f"{order}IIII", 0, 0x61561, 9, page) + bytes([0, 8, 0, 0])
    meta += struct.pack(f"{order}II", 0, len(pages) - 1)
    pages[0] = meta.ljust(page, b"\0")
    return b"".join(pages)
