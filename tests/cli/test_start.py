"""Help is quick because nothing is imported for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import poise as product
from poise.cli import tree

HEAVY = ("boto3", "botocore", "azure", "sqlalchemy", "alembic", "fastapi", "uvicorn", "jinja2", "rich", "structlog")
COMMANDS = tuple(tree.leaves())
SCRIPT = """
import sys
from poise.cli.main import run
code = run(sys.argv[1:])
print(*sorted({name for name in sys.modules}), sep="\\n", file=sys.stderr)
sys.exit(code)
"""


def python(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    source = str(Path(product.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": source}
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def modules_after(*arguments: str) -> set[str]:
    done = python(SCRIPT, *arguments)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("scan", "--help"), ("checks", "-h")])
def test_help_imports_no_cloud_no_store_and_no_server(arguments: tuple[str, ...]):
    loaded = modules_after(*arguments)

    assert not [name for name in loaded if name.split(".")[0] in HEAVY]


def test_help_imports_nothing_of_poise_but_the_tree_of_commands():
    ours = {name for name in modules_after("--help") if name.startswith("poise.")}

    assert not [name for name in ours if not name.startswith(("poise.cli", "poise.model"))]
    assert not [name for name in ours if name.startswith(("poise.cli.commands.", "poise.cli.output.formats."))]


def test_help_of_a_scan_imports_no_cloud():
    loaded = modules_after("scan", "aws", "--help")

    assert not [name for name in loaded if name.split(".")[0] in ("boto3", "botocore", "azure", "fastapi")]


@pytest.mark.parametrize(("words", "leaf", "module"), COMMANDS, ids=[words for words, _, _ in COMMANDS])
def test_every_command_is_there_and_says_what_the_list_of_commands_says(
    words: str, leaf: tree.Leaf, module: str, poise
):
    help = " ".join(poise(*words.split(), "--help").out.split())

    assert help.startswith(f"Usage: poise {words}")
    assert leaf.help in help
    assert "--data-dir" in help
    assert "-o, --output FORMAT[=FILE]" in help


def test_commands_are_grouped_by_what_one_wants(poise):
    out = poise("--help").out

    assert [line for line in out.splitlines() if line.endswith(":")] == [
        "Options:",
        "Start:",
        "Look:",
        "Decide:",
        "Write checks:",
        "Run:",
    ]


def test_version_is_printed(poise):
    assert poise("--version").out == "poise 0.1.0\n"


def test_python_can_run_it_as_a_module_of_its_own():
    assert python("from poise.cli.main import main; main()", "nonsense").returncode == 2


def test_the_package_runs_as_the_command_does():
    said = subprocess.run([sys.executable, "-m", "poise", "--version"], capture_output=True, text=True, check=True)
    assert said.stdout.startswith("poise ")
