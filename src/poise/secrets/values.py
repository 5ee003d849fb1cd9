"""Tells a literal secret from everything else that stands behind an equals sign."""

from __future__ import annotations

import re

from poise.secrets.proof import entropy, is_key_material, stands_in

REFERENCE = re.compile(
    rb"""
      .*(?: \$\{ | \$\( | \{\{ | <% | \#\{ | %\( | \$\[ ).*         # filled in later by a template or a shell
    | \$\w+ | \$env:\w+ | %\w+% | <[^>]*> | \[[^\]]*\] | !\w+ .*     # a variable, a slot, a tag of YAML
    | (?: arn | ssm | vault | secretref | secretsmanager | op | sm | awssm | gcpsm | akv | keyvault | ref\+\w+ ) :.*
    | @microsoft\.keyvault\( .* | projects/[^/]+/secrets/.* | resolve:.*
    | https?://[^@]* | file:.* | s3://.*                             # an address that holds no password
    | ~?/(?: [A-Za-z.][\w.\-]* / )* [A-Za-z.][\w.\-]* | [A-Za-z]:\\.* | \.{1,2}/.*      # a path or a parameter's name
    | AQICA.* | enc\[.* | enc\(.* | \{cipher\}.* | \$ansible_vault.* # encrypted already
    | \d{4}-\d\d-\d\d(?: [T ].* )?                                   # a time
    | \$(?:2[abxy]|[156]|y|argon2\w*)\$.* | \{s?sha\d*\}.* | \{ssha\}.*                  # a hash, not a password
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
WORDS = frozenset(
    b"""
    password passwd passphrase pass pwd secret token key apikey api_key credential credentials user username
    admin_password
    true false null none nil undefined yes no on off required optional enabled disabled default empty blank unset
    string str text value bytes int integer number bool boolean object any auto random generated hidden masked prompt
    input basic bearer cleartext plain plaintext nopasswd self this here env environ
    """.split()
)
"""Values that name a thing instead of being it."""
LONGEST_PASSWORD = 128
DIGIT = re.compile(rb"[0-9]")
CODE = re.compile(rb"[A-Za-z_$][\w$]*(?:(?:\.|->|::)[A-Za-z_$][\w$]*)*")
"""An identifier: an unquoted value of this form and no digit is code."""


def is_literal(value: bytes) -> bool:
    """Whether a value is itself, and not a reference, a stand-in or a word for it."""
    return value.lower() not in WORDS and REFERENCE.fullmatch(value) is None and not stands_in(value)


def is_password(value: bytes) -> bool:
    """Whether a value where only a password can stand is one."""
    return len(value) >= 3 and is_literal(value)


def is_named_password(value: bytes) -> bool:
    """Whether the value of something called a password is one: a literal, and no sentence."""
    return 4 <= len(value) <= LONGEST_PASSWORD and is_literal(value) and not _is_prose(value)


def is_named_secret(value: bytes) -> bool:
    """Whether the value of something called a secret or token is one: long and mixed enough, and a literal."""
    if not 8 <= len(value) <= 4096 or value[:1] in b"{[" or b" " in value or DIGIT.search(value) is None:
        return False
    return not value.isdigit() and is_literal(value) and entropy(value) >= 2.5


def is_named_key(value: bytes) -> bool:
    """Whether the value of something called a key is key material, and no public key."""
    if not 20 <= len(value) <= 512 or value.startswith((b"ssh-", b"pk_", b"-----BEGIN PUBLIC", b"-----BEGIN CERT")):
        return False
    hexadecimal = re.fullmatch(rb"[0-9a-f]{32,128}", value, re.IGNORECASE) is not None
    if hexadecimal:
        return entropy(value) >= 3.0
    return re.fullmatch(rb"[A-Za-z0-9+/=_.\-~!]+", value) is not None and is_literal(value) and is_key_material(value)


def is_code(value: bytes, behind: bytes) -> bool:
    """Whether an unquoted value is an expression; ``behind`` is the byte that follows it."""
    if behind in (b"(", b"[", b"{") or value.startswith((b"(", b"$", b"*", b"&", b"@")):
        return True
    return CODE.fullmatch(value) is not None and DIGIT.search(value) is None


def _is_prose(value: bytes) -> bool:
    return value.count(b" ") >= 2 and DIGIT.search(value) is None
