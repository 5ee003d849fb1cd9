"""No check reads inside a policy, or compares addresses, by itself: it asks `poise.policy`.

Texts of examples and fixes hold policies; what counts is what runs when an asset is judged.
"""

import ast
from pathlib import Path

import pytest

import poise.checks

ROOT = Path(poise.checks.__file__).parent
FILES = sorted(path for path in ROOT.rglob("*.py") if path.name not in ("__init__.py", "catalog.py"))
WORDS = frozenset(
    {
        *("Statement", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource"),
        *("Condition", "Federated", "actions", "notActions", "dataActions", "bindings", "members"),
    }
)
PARSERS = frozenset({"json", "orjson", "re", "fnmatch", "ipaddress", "urllib"})
ADDRESSES = ("0.0.0.0/0", "::/0", "0.0.0.0", "Internet", "255.255.255.255")
ALLOWED = {"instance_stopped_for_long": {"re"}}
"""Check -> what it may import: it takes a time out of a sentence, which is no policy."""
DOCUMENTS = frozenset({"policy", "document", "trust_policy", "inline_policies"})


def texts_in(node):
    return {child.value for child in ast.walk(node) if isinstance(child, ast.Constant) and isinstance(child.value, str)}


def is_get(node):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get"


def readings(tree):
    """Yield each place that looks into a document or compares an address."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and texts_in(node.slice) & WORDS:
            yield node.lineno, "a key of a policy is read"
        if is_get(node) and any(texts_in(argument) & WORDS for argument in node.args):
            yield node.lineno, "a key of a policy is read"
        if isinstance(node, ast.Compare) and texts_in(node) & {*WORDS, *ADDRESSES}:
            yield node.lineno, "a word of a policy, or an address, is compared"
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr in DOCUMENTS:
            yield node.lineno, "a document is looked into"


@pytest.mark.parametrize("path", FILES, ids=lambda path: ".".join(path.relative_to(ROOT).with_suffix("").parts))
def test_a_check_asks_the_engine(path):
    tree = ast.parse(path.read_text())
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
    }

    assert imported & PARSERS - ALLOWED.get(path.stem, frozenset()) == set()
    assert list(readings(tree)) == []


@pytest.mark.parametrize(
    "text",
    [
        'policy["Statement"]',
        'statement.get("Effect", "Allow")',
        'statement["Principal"] == "*"',
        '"0.0.0.0/0" in rule.cidrs',
        'rule.source == "Internet"',
        "queue.policy['x']",
    ],
)
def test_what_reads_by_itself_would_be_found(text):
    assert list(readings(ast.parse(text)))
