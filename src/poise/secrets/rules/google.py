"""Secrets of Google Cloud."""

import re

from poise.secrets.proof import is_key_material, is_no_stand_in
from poise.secrets.rule import Place, Rule

RULES = (
    Rule(
        name="google_api_key",
        title="Google API key",
        keywords=(b"aiza",),
        place=Place.IN_RUN,
        pattern=re.compile(rb"(?<![\w\-])(AIza[\w\-]{35})(?![\w\-])"),
        accept=is_key_material,
        after=64,
    ),
    Rule(
        name="google_signed_url",
        title="Google storage signed URL",
        keywords=(b"signature=",),
        place=Place.IN_RUN,
        pattern=re.compile(rb"X-Goog-Signature=([0-9a-fA-F]{128,1024})(?![0-9a-fA-F])", re.IGNORECASE),
        accept=is_no_stand_in,
        after=1100,
    ),
    Rule(
        name="google_signed_url",
        title="Google storage signed URL",
        keywords=(b"signature=",),
        place=Place.IN_RUN,
        pattern=re.compile(rb"GoogleAccessId=[^\s\"'<>]{3,300}?[&;]Signature=([A-Za-z0-9%/+=_\-]{40,800})"),
        accept=is_no_stand_in,
        before=400,
        after=900,
    ),
    Rule(
        name="google_oauth_secret",
        title="Google OAuth client secret",
        keywords=(b"gocspx-",),
        place=Place.IN_RUN,
        pattern=re.compile(rb"(?<![\w\-])(GOCSPX-[\w\-]{28})(?![\w\-])"),
        accept=is_no_stand_in,
        after=64,
    ),
)
