"""The reference holds every check, setting, command, record and field; the site has no warning; the texts are true."""

import re
import textwrap
from pathlib import Path

import pytest

from poise.app import checks, permissions
from poise.cli import settings, tree
from poise.cli.shared import Shared
from poise.model.kinds import by_kind
from tools.docs import records, site

ROOT = Path(site.__file__).parents[2]


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return site.sources()


def test_site_is_built_without_a_warning(tmp_path):
    number, warnings = site.build(tmp_path / "site")

    assert warnings == []
    assert number == len(list((tmp_path / "site").rglob("*.html")))


@pytest.mark.parametrize("id", [check.id for check in checks.all_checks()])
def test_every_check_has_a_page_and_stands_in_the_index(pages, id):
    assert f"`{id}`" in pages[f"reference/checks/{id}.md"]
    assert f"({id}.md)" in pages["reference/checks/index.md"]


@pytest.mark.parametrize("setting", settings.SETTINGS, ids=[setting.name for setting in settings.SETTINGS])
def test_every_setting_is_described(pages, setting):
    assert f"| `{setting.name}` |" in pages["reference/settings.md"]
    assert setting.meaning.endswith(".")


@pytest.mark.parametrize("words", [words for words, _, _ in tree.leaves()])
def test_every_command_is_described_with_its_options(pages, words):
    section = pages["reference/commands.md"].split(f"## poise {words}\n")[1].split("\n## ")[0]
    _, leaf, module = next(found for found in tree.leaves() if found[0] == words)

    for parameter in tree.loaded(leaf, module).params:
        if parameter.param_type_name == "option" and parameter.name not in vars(Shared()) and parameter.name != "help":
            assert f"`{parameter.opts[0]}" in section
            assert parameter.help


@pytest.mark.parametrize("kind", by_kind().values(), ids=by_kind())
def test_every_field_of_every_record_is_described(pages, kind):
    provider, service = kind.__module__.split(".")[-2:]
    page = pages[f"reference/records/{provider}-{service}.md"]
    found = records.fields(kind)

    assert [field.name for field in found] == list(kind.FACTS)
    for field in found:
        assert field.meaning, f"{kind.__name__}.{field.name} has no description"
        assert f"| `{field.name}` |" in page


@pytest.mark.parametrize("provider", permissions.PROVIDERS)
def test_every_permission_is_described(pages, provider):
    page = pages[f"reference/permissions-{provider}.md"]

    for grant in permissions.grants(provider):
        assert f"| `{grant.permission}` |" in page


def test_every_error_is_described(pages):
    from poise.model import errors

    for name, member in vars(errors).items():
        if isinstance(member, type) and issubclass(member, errors.PoiseError):
            assert f"## {name}\n" in pages["reference/errors.md"]


def test_every_exit_code_is_described(pages):
    table = pages["reference/commands.md"].split("## Exit codes")[1]

    assert [code for code in ("0", "1", "2", "3", "4", "5", "130") if f"| {code} |" not in table] == []


def test_a_dead_link_and_an_empty_section_are_warnings():
    page = "# Title\n\n## Empty\n\n## Full\n\n[gone](gone.md) [there](#full) [away](http://example.org)\n\nTODO\n"

    assert list(site.warnings("page.md", page, {"page.md": page})) == [
        "page.md: the section 'Empty' is empty",
        "page.md: the link gone.md leads nowhere",
        "page.md: the link http://example.org leads nowhere",
        "page.md: unfinished: TODO",
    ]


def commands_in(text: str) -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", textwrap.dedent(text), re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [
        part for line in lines for part in re.split(r"&&|\|", line.split("#")[0]) if part.strip().startswith("poise ")
    ]


@pytest.mark.parametrize(
    "path", ["README.md", "CONTRIBUTING.md", *(str(p.relative_to(ROOT)) for p in sorted((ROOT / "docs").rglob("*.md")))]
)
def test_every_command_line_in_the_texts_is_understood(path):
    known = {words: (leaf, module) for words, leaf, module in tree.leaves()}
    for line in commands_in((ROOT / path).read_text()):
        words = line.split()[1:]
        name = next((n for n in (" ".join(words[:2]), words[0]) if n in known), None)
        assert name, f"{path}: {line}"
        options = {o for p in tree.loaded(*known[name]).params for o in (*p.opts, *p.secondary_opts)}
        for word in words:
            if word.startswith("-"):
                assert word.split("=")[0] in options, f"{path}: {line}: {word}"
