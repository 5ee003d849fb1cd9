"""A hostile disk gets nothing but a gap: no network, no files, no memory or time without bound."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from poise.disk import landlock, sandbox, wire
from poise.disk.facts.limits import Limits
from poise.disk.sandbox import Bounds, Job, read_confined
from poise.model.errors import BadInput
from tests.disk import machines
from tests.disk.facts import test_stored_images
from tests.disk.machines import IDENTITY, MIB

REQUEST = wire.Request(
    identity=IDENTITY, sizes=(), folder=None, passphrases=(), secret_key=None,
    limits=Limits(), memory_bytes=1 << 30, cpu_s=20,
)  # fmt: skip


def confined(code: str, request: wire.Request = REQUEST) -> subprocess.CompletedProcess[str]:
    """Run code in a process that has confined itself as the reader of disks does."""
    script = (
        "import sys, msgspec; sys.path[:] = sys.argv[2:]\n"
        "from poise.disk.confinement import confine; from poise.disk.wire import Request\n"
        f"confine(msgspec.json.decode(sys.argv[1], type=Request))\n{code}\nprint('it went through')"
    )
    command = [sys.executable, "-I", "-c", script, msgspec.json.encode(request).decode(), *sys.path]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.socket()",
        "import socket; socket.create_connection(('127.0.0.1', 22))",
        "import os; os.system('true')",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.fork()",
        "open('/tmp/written-by-a-disk', 'w')",
        "import os; os.open('/tmp/written-by-a-disk', os.O_WRONLY | os.O_CREAT)",
        "open('/etc/passwd').read()",
        "import sys; open(sys.prefix + '/../../etc/passwd' if False else sys.prefix + '/' + '../' * 9 + 'etc/passwd')",
        "import os; os.remove('/tmp/x')",
        "import ctypes; ctypes.CDLL('libc.so.6')",
        "import sqlite3; sqlite3.connect('/tmp/x.db')",
    ],
)
def test_what_reading_a_disk_does_not_need_is_refused(code):
    done = confined(code)

    assert "it went through" not in done.stdout
    assert "PermissionError" in done.stderr
    assert not Path("/tmp/written-by-a-disk").exists()


@pytest.mark.parametrize("code", ["b'x' * (2 << 30)", "import sqlite3; sqlite3.connect(':memory:').close(); 1 / 0"])
def test_memory_ends_and_the_rest_still_works(code):
    done = confined(code)

    assert any(name in done.stderr for name in ("MemoryError", "ZeroDivisionError"))


def test_the_child_has_no_environment_of_its_parent(monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "abc")
    monkeypatch.setattr(sandbox, "START", "import os, sys; sys.exit('env:' + ','.join(sorted(os.environ)))")

    found = read_confined(Job(identity=IDENTITY))

    assert "AWS" not in found.gaps[0]
    assert "env:" in found.gaps[0]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os; os.abort()", "crashed (SIGABRT)"),
        ("import ctypes; ctypes.string_at(0)", "crashed (SIGSEGV)"),
        ("raise ValueError('odd')", "failed: ValueError: odd"),
        ("import sys; sys.exit(7)", "failed: exit code 7"),
        ("import time; time.sleep(60)", "took longer than 1.5 s"),
        ("import os; os.write(1, b'X' * 1000)", "something else than was agreed"),
        ("import os; os.write(1, b'D' + b'\\xff' * 4)", "more than is allowed"),
        ("import os; os.write(1, b'D\\x02\\0\\0\\0[]')", "is malformed"),
    ],
)
def test_a_child_that_fails_is_a_gap_with_the_reason(monkeypatch, code, reason):
    monkeypatch.setattr(sandbox, "START", code)

    found = read_confined(Job(identity=IDENTITY, bounds=Bounds(wall_s=1.5)))

    assert found.machine is None
    assert reason in found.gaps[0]


def test_a_child_that_burns_time_is_stopped(monkeypatch):
    start = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass"
    monkeypatch.setattr(sandbox, "START", start)

    assert "of CPU" in read_confined(Job(identity=IDENTITY, bounds=Bounds(wall_s=30))).gaps[0]


def test_what_a_child_claims_to_be_is_not_believed(tmp_path):
    """Identity comes from the parent; a field of a wrong type is unread, the others stay."""
    sent = {"machine": {"record": {"hostname": 5, "architecture": "x86_64"}, "unread": {}}}

    machine = wire.scanned(json.dumps(sent).encode(), IDENTITY).machine

    assert (machine.id, machine.scope) == ("host://test", "tests")
    assert machine.unread["hostname"].startswith("malformed")
    assert machine.architecture == "x86_64"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"volumes": 3}', b"[" * 100_000, b"\xff\xfe"])
def test_a_malformed_result_is_bad_input(content):
    with pytest.raises(BadInput):
        wire.scanned(content, IDENTITY)


def test_names_that_are_no_utf_8_come_through():
    result = wire.Result(gaps=("/a\udcff: odd",))

    assert wire.scanned(wire.encoded(result), IDENTITY).gaps == ("/a?: odd",)


def test_a_folder_is_read_like_a_disk(tmp_path):
    root = machines.write_machine(tmp_path / "root")

    found = read_confined(Job(identity=IDENTITY, folder=root))

    assert machines.packages(found) == machines.PACKAGES
    assert found.machine.hostname == "small"


def test_a_machine_on_a_disk_is_read_whole(tmp_path):
    image = machines.ext(machines.write_machine(tmp_path / "root"), tmp_path / "disk.img")
    job = Job(
        identity=replace_identity(cloud_asset="arn:aws:ec2:x"), disks=machines.source(image), secret_key=b"k" * 32
    )

    found = read_confined(job)

    assert found.machine.hostname == "small"
    assert found.machine.cloud_asset == "arn:aws:ec2:x"
    assert found.secrets.found == ()
    assert 0 < found.peak_memory_bytes < 300 * MIB


def replace_identity(**changes):
    return msgspec.structs.replace(IDENTITY, **changes)


def test_a_truncated_image_is_a_gap(tmp_path):
    image = machines.ext(machines.write_machine(tmp_path / "root"), tmp_path / "disk.img")
    os.truncate(image, 2 * MIB)

    assert any("shorter than its file system" in gap for gap in machines.scanned(image).gaps)


@pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")
@pytest.mark.parametrize(
    "code",
    [
        'found = ctypes.pythonapi.open(b"/etc/passwd", 0)',
        'found = ctypes.pythonapi.open(b"/proc/self/environ", 0)',
        'found = ctypes.pythonapi.open(b"/tmp/written-by-a-child", 0o101, 0o600)',
        "found = ctypes.pythonapi.kill(os.getppid(), 0)",
        "found = ctypes.pythonapi.ptrace(16, os.getppid(), 0, 0)",
    ],
)
def test_native_code_gets_no_further_than_python(code):
    done = confined(f"import ctypes, os\n{code}\nif found < 0: raise PermissionError('the kernel says no')")

    assert "it went through" not in done.stdout
    assert "the kernel says no" in done.stderr


def test_a_result_that_would_fill_the_memory_of_the_parent_is_refused():
    content = b'{"gaps": [' + b"[]," * (wire.MOST_PARTS // 2) + b"[]]}"

    with pytest.raises(BadInput, match="more than 8,000,000 parts"):
        wire.scanned(content, IDENTITY)


def test_gaps_without_end_are_cut():
    found = wire.scanned(msgspec.json.encode({"gaps": ["x" * 100_000] * 5_000}), IDENTITY)

    assert len(found.gaps) == wire.MOST_GAPS
    assert {len(gap) for gap in found.gaps} == {wire.MOST_REASON_BYTES}


def test_the_software_of_images_in_the_store_comes_through(tmp_path):
    root = machines.write_machine(tmp_path / "root")
    test_stored_images.store(root)

    (found,) = read_confined(Job(identity=IDENTITY, folder=root)).images

    assert found.id.startswith(f"{IDENTITY.id}#image/")
    assert found.machine == IDENTITY.id
    assert found.packages


def test_an_image_is_not_called_what_a_child_likes():
    record = wire.Record({}, {})
    content = wire.encoded(wire.Result(images=(wire.Image("x\n#software", "n", record),)))

    with pytest.raises(BadInput, match="no id of an image"):
        wire.scanned(content, IDENTITY)
