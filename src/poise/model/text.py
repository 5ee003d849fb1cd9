"""Makes text that others wrote safe to show: names of assets are chosen by whoever made them."""

from __future__ import annotations

import re
import unicodedata

DANGEROUS = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Unicode categories that steer a terminal or reorder a line: control, format, surrogate, private, separators."""
STEERING = re.compile("[\u0080-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""Those of them that JSON allows inside strings as they are."""
JOINERS = frozenset("\u200c\u200d")
"""Format characters that scripts and emoji need and that move nothing."""
FORMULA = frozenset("=+-@\t\r")
"""First characters that make a spreadsheet run a cell (OWASP, CSV injection)."""


def printable(text: str) -> str:
    """Return text on one line: line breaks and tabs become spaces, what steers a terminal becomes ``\\uXXXX``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def printable_block(text: str) -> str:
    """Return text of several lines with everything but its line breaks made printable."""
    if text.isascii() and text.isprintable():
        return text
    return "\n".join(printable(line) for line in text.split("\n"))


def printable_json(text: str) -> str:
    """Return JSON in which no string holds a character that reorders or hides text; it means the same."""
    return text if text.isascii() else STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def spreadsheet_cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula, and that steers no terminal.

    An apostrophe goes before a dangerous first character.
    """
    shown = printable_block(text)
    return f"'{shown}" if text[:1] in FORMULA and text else shown


def _shown(character: str) -> str:
    if character in "\n\r\t":
        return " "
    if character in JOINERS or unicodedata.category(character) not in DANGEROUS:
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
