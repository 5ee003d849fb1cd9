"""``python -m tools.docs FOLDER`` builds the site and fails on any warning."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.docs.site import build


def main() -> int:
    """Build into the folder that was named; return 1 if there is a warning."""
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "site")
    pages, warnings = build(target)
    for warning in warnings:
        print(f"docs: {warning}", file=sys.stderr)
    print(f"docs: {pages} pages in {target}, {len(warnings)} warnings")
    return 1 if warnings else 0


if __name__ == "__main__":
    sys.exit(main())
