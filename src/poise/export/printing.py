"""Prints a page to PDF with WeasyPrint (extra `pdf`). The page is whole in itself: nothing is fetched."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from poise.model.errors import UsageError


def printed(pieces: Iterable[str]) -> bytes:
    """Return the PDF of a page; raises :class:`UsageError` if the library or what it stands on is not installed."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as missing:
        raise UsageError(
            f"PDF needs the extra `pdf` and the system's Pango: {missing}.",
            "Install them (pip install 'poise[pdf]'; on Debian apt-get install libpango-1.0-0 libpangoft2-1.0-0), "
            "or take html and print it.",
        ) from missing
    # It warns of each property of screens that paper does not have.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    document: bytes = HTML(string="".join(pieces), url_fetcher=URLFetcher(allowed_protocols=())).write_pdf()
    return document
