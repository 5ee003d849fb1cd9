"""The five steps of CONTRIBUTING, done, and its map of the folders beside the contracts that hold."""

import re
import shutil
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import poise as product

ROOT = Path(__file__).parents[2]


def run(source: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    script = "from poise.cli.main import main; main()"
    environment = {"PYTHONPATH": str(source), "HOME": str(source), "PATH": ""}
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=source)


def test_a_check_is_added_as_contributing_says(tmp_path):
    source = tmp_path / "src"
    shutil.copytree(
        Path(product.__file__).parent, source / "poise", ignore=shutil.ignore_patterns("__pycache__", "static")
    )
    text = (ROOT / "CONTRIBUTING.md").read_text()
    steps = [line.split() for line in re.findall(r"^ +(poise checks .*)$", text, re.MULTILINE)]
    example = textwrap.dedent(re.search(r"```python\n(.*?) +```", text, re.DOTALL)[1])

    begun = run(source, *steps[0][1:])
    assert begun.returncode == 0, begun.stderr
    written = source / "poise/checks/aws/s3/replication_missing.py"
    assert run(source, *steps[1][1:]).returncode == 1

    written.write_text(textwrap.dedent(example))
    tested = run(source, *steps[1][1:])
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert "0 red" in tested.stderr
    assert run(source, *steps[2][1:]).stdout.startswith("# S3 buckets should be copied to another place")


def test_contributing_maps_every_folder_and_the_layers_that_hold():
    text = (ROOT / "CONTRIBUTING.md").read_text()
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each["type"] == "layers")

    listed = [re.findall(r"`(\w+)`", line.split("|")[1]) for line in text.splitlines() if line.startswith("| `")]
    folders = {path.parent.name for path in Path(product.__file__).parent.glob("*/__init__.py")}
    assert {name for names in listed for name in names} == folders
    told = re.search(r"list of layers: `([^`]+)`", text)[1]
    assert [re.findall(r"\w+", layer) for layer in told.split(">")] == [re.findall(r"\w+", layer) for layer in layers]
