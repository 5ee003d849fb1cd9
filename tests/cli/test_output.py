"""What stands on the standard output: forms, fields, colours, files, and names that others chose."""

import csv
import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import poise as product
from poise.cli.output import formats
from poise.cli.output.answer import Answer, Column
from poise.cli.output.target import write_file, write_stdout
from poise.model.errors import UsageError
from tests.cli.conftest import ESCAPE, FORMULA, REVERSED

GOLDEN = Path(__file__).parent / "golden"
UPDATE = os.environ.get("POISE_UPDATE_GOLDEN") == "1"
BUCKETS = (
    "list",
    "findings",
    "--check",
    "aws.s3.versioning_off",
    "--sort",
    "id",
    "--fields",
    "verdict,asset.name,reason",
)


@pytest.mark.parametrize("format", ["table", "tsv", "json", "jsonl", "csv", "md"])
def test_every_form_is_written_exactly_as_agreed(scanned, monkeypatch, format):
    monkeypatch.setenv("COLUMNS", "100")
    text = scanned(*BUCKETS, "-o", format).out
    golden = GOLDEN / f"findings.{format}"
    if UPDATE:
        golden.write_bytes(text.encode())

    assert text.encode() == golden.read_bytes()


def test_piped_output_is_tab_separated_without_colour(scanned):
    result = scanned(*BUCKETS)

    assert {line.count("\t") for line in result.lines} == {2}
    assert "\x1b" not in result.out


def test_colour_can_be_forced_and_refused(scanned, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in scanned("list", "findings", "-o", "table").out

    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in scanned("list", "findings", "-o", "table").out


def test_a_table_fits_the_columns_that_the_terminal_has(scanned, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")

    assert max(map(len, scanned("list", "findings", "-o", "table").lines)) <= 60


@pytest.mark.parametrize("format", ["table", "tsv", "md"])
@pytest.mark.parametrize("command", [("list", "findings"), ("list", "assets")])
def test_no_name_steers_a_terminal(scanned, command, format):
    out = scanned(*command, "-o", format, "--limit", "200").out

    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "safe\\u202egpj.exe" in out.replace("\\\\", "\\").replace("\n", "").replace(" ", "") or format == "md"


def test_no_cell_of_a_spreadsheet_is_a_formula(scanned):
    rows = list(csv.reader(io.StringIO(scanned("list", "assets", "-o", "csv").out)))

    assert f"'{FORMULA}" in {cell for row in rows for cell in row}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_json_holds_names_unchanged(scanned):
    names = {asset["name"] for asset in scanned("list", "assets", "-o", "json").json}

    assert {FORMULA, REVERSED, ESCAPE} <= names


def test_results_and_messages_do_not_mix(scanned):
    result = scanned("list", "findings", "-o", "json")

    assert isinstance(json.loads(result.out), list)
    assert "in the store" in result.err


def test_quiet_says_nothing_but_errors(scanned):
    assert scanned("list", "findings", "-q").err == ""
    assert scanned("show", "999", "-q").err.startswith("Error: ")


def test_messages_can_be_json(scanned, estate):
    lines = scanned("scan", "files", estate, "--log-format", "json").err.splitlines()

    assert [json.loads(line)["level"] for line in lines]


def test_fields_sort_and_limit(scanned):
    result = scanned("list", "assets", "--fields", "name,region", "--sort", "-name", "--limit", "2", "-o", "json")

    assert [list(row) for row in result.json] == [["name", "region"]] * 2
    assert [row["name"] for row in result.json] == ["shop-production", REVERSED]


def test_a_field_that_there_is_not_is_named_with_those_that_there_are(scanned):
    result = scanned("list", "assets", "--fields", "nmae")

    assert result.code == 2
    assert "'nmae'" in result.err
    assert "name" in result.err


def test_several_forms_at_once(scanned, tmp_path):
    result = scanned(
        "list", "findings", "-o", "json", "-o", f"csv={tmp_path / 'f.csv'}", "-o", f"sarif={tmp_path / 'f.sarif'}"
    )

    assert len(result.json) == len((tmp_path / "f.csv").read_text().splitlines()) - 1
    assert json.loads((tmp_path / "f.sarif").read_text())["version"] == "2.1.0"


def test_a_scan_writes_reports_of_what_it_scanned(poise, estate, tmp_path):
    poise("scan", "files", estate, "-o", f"html={tmp_path / 'r.html'}", "-o", f"sarif={tmp_path / 'r.sarif'}")

    assert (tmp_path / "r.html").read_text().startswith("<!doctype html>")
    assert json.loads((tmp_path / "r.sarif").read_text())["runs"][0]["results"]


def test_a_wrong_form_costs_no_scan(poise, estate):
    assert poise("scan", "files", estate, "-o", "xml").code == 2
    assert poise("list", "scans", "-o", "json").json == []


def test_a_failed_writing_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "kept.txt"
    path.write_text("before")

    def pieces():
        yield "half"
        raise OSError(28, "No space left on device")

    with pytest.raises(UsageError, match="the disk is full"):
        write_file(pieces(), path)
    assert path.read_text() == "before"
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["kept.txt"]


def test_a_folder_that_there_is_not_is_said(scanned):
    result = scanned("list", "findings", "-o", "csv=/not/there/f.csv")

    assert result.code == 2
    assert "its folder does not exist" in result.err


def test_the_file_behind_a_link_is_written_and_its_mode_kept(tmp_path):
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("before")
    real.chmod(0o640)
    link.symlink_to(real)
    write_file(["after"], link)

    assert link.is_symlink()
    assert real.read_text() == "after"
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_device_is_written_to_and_stays(scanned):
    assert scanned("list", "findings", "-o", "csv=/dev/null").code == 0
    assert Path("/dev/null").is_char_device()


def test_a_closed_pipe_is_quiet():
    environment = {**os.environ, "PYTHONPATH": str(Path(product.__file__).parents[1])}
    script = "from poise.cli.main import main; main()"
    command = [sys.executable, "-c", script, "checks", "docs"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        said = running.stderr.read().decode()
        assert running.wait() == 0

    assert "Traceback" not in said
    assert "Broken" not in said


def test_an_answer_that_is_no_table_cannot_be_csv(scanned):
    result = scanned("checks", "explain", "aws.s3.versioning_off", "-o", "csv")

    assert result.code == 2
    assert "no table" in result.err


def test_objects_say_the_version_of_their_form(scanned):
    assert scanned("score", "-o", "json").json["schema_version"] == 1


@pytest.mark.parametrize("format", formats.names())
def test_every_form_can_say_nothing(format):
    answer = Answer([], (Column("Name", "name"),))

    assert isinstance("".join(formats.get(format).render(answer)), str)


def test_nothing_is_written_into_the_current_folder(scanned):
    scanned("list", "findings")
    scanned("score")

    assert list(Path.cwd().iterdir()) == []


@pytest.mark.parametrize("format", formats.names())
def test_a_form_is_named_as_its_file(format):
    assert format == formats.get(format).NAME


def test_a_pipe_is_fed_while_pieces_are_made(tmp_path):
    """A pipe holds 64 KiB (Linux, pipe(7)): a writer that gathered everything first would make the second piece."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    made: list[int] = []

    def pieces():
        for number in range(2):
            made.append(number)
            yield bytes(200_000)

    writer = threading.Thread(target=write_file, args=(pieces(), pipe))
    writer.start()
    with pipe.open("rb") as reader:
        reader.read(1)
        assert made == [0]
        assert len(reader.read()) == 399_999
    writer.join()


@pytest.mark.parametrize(("piece", "shown"), [("größer\r\n".encode(), "größer\r\n"), (b"%PDF\xff", None)])
def test_bytes_on_a_terminal_are_shown_if_they_are_text(monkeypatch, piece, shown):
    terminal = io.StringIO(newline="")
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdout", terminal)
    if shown is None:
        with pytest.raises(UsageError, match="no text"):
            write_stdout([piece])
    else:
        write_stdout([piece])
    assert terminal.getvalue() == (shown or "")
