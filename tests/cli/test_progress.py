"""What a scan says while it runs."""

import io

from poise.app.progress import PartitionRead, ScopeJudged, ScopeStarted
from poise.cli import progress
from poise.cli.invocation import Invocation
from poise.cli.shared import Shared
from poise.model.listing import PartitionKey, Scope

KEY = PartitionKey("aws", "aws", "111122223333", "s3", "global")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def events():
    yield ScopeStarted(Scope("111122223333", "aws", "shop\x1b[2J"), 2)
    yield PartitionRead(KEY, 1200, 1, "partial", 0.1)
    yield ScopeJudged("111122223333", 30)


def test_elsewhere_than_on_a_terminal_a_line_says_how_far_it_is(monkeypatch, capsys):
    monkeypatch.setattr(progress, "EVERY_S", 0)
    with progress.ScanProgress(Invocation(Shared())) as watching:
        for event in events():
            watching(event)

    assert watching.line() == "1 of 2 parts read, 1,200 assets, 1 not readable"
    assert "parts read" in capsys.readouterr().err


def test_quiet_says_nothing(monkeypatch, capsys):
    monkeypatch.setattr(progress, "EVERY_S", 0)
    with progress.ScanProgress(Invocation(Shared(quiet=True))) as watching:
        for event in events():
            watching(event)

    assert capsys.readouterr().err == ""


def test_on_a_terminal_there_is_a_bar_for_each_scope_and_no_name_steers_it(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("COLUMNS", "120")
    with progress.ScanProgress(Invocation(Shared())) as watching:
        for event in events():
            watching(event)
        watching._bars.progress.refresh()

    said = terminal.getvalue()
    assert "1/2" in said
    assert "1,200 assets" in said
    assert "shop\x1b[2J" not in said
    assert "shop\\u001b[2J" in said


def test_times_are_said_as_people_say_them(monkeypatch):
    now = {"s": 0.0}
    monkeypatch.setattr("time.monotonic", lambda: now["s"])
    said = []
    for seconds in (0.42, 41.3, 185):
        now["s"] = seconds
        said.append(progress.elapsed(0))

    assert said == ["0.4 s", "41 s", "3 min 5 s"]
