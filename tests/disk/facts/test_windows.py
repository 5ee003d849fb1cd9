# ruff: noqa: E501
"""Windows machines, from hives made by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poise.disk.facts import read_machine
from poise.disk.facts.hive import open_hive
from poise.disk.folder import FolderTree
from poise.model.errors import BadInput
from tests.disk.facts.hives import hive, joined, nested
from tests.disk.roots import ABOUT, put, reading_of

CURRENT = {"ProductName": "Windows Server 2022 Datacenter", "EditionID": "ServerDatacenter", "InstallationType": "Server Core",
           "CurrentBuild": "20348", "UBR": 2322, "CurrentMajorVersionNumber": 10, "CurrentMinorVersionNumber": 0,
           "DisplayVersion": "21H2"}  # fmt: skip
PROGRAMS = {"7-Zip": {"DisplayName": "7-Zip 23.01 (x64)", "DisplayVersion": "23.01", "Publisher": "Igor Pavlov"},
            "{part}": {"DisplayName": "Part", "DisplayVersion": "1", "SystemComponent": 1},
            "KB1": {"DisplayName": "Update", "DisplayVersion": "1", "ParentKeyName": "x"},
            "nothing": {"UninstallString": "x"}}  # fmt: skip
SERVICING = {"Package_for_KB5034129~31bf3856ad364e35~amd64~~10.0.1.1": {"CurrentState": 112},
             "Package_for_KB5030000~31bf3856ad364e35~amd64~~10.0.1.1": {"CurrentState": 80},
             "Package_for_RollupFix~31bf3856ad364e35~amd64~~20348.2322.1.8": {"CurrentState": 112}}  # fmt: skip
SOFTWARE = joined(
    nested(
        r"Microsoft\Windows NT\CurrentVersion",
        CURRENT | {"Winlogon": {"AutoAdminLogon": "1", "DefaultPassword": "hunter2"}},
    ),
    nested(r"Microsoft\Windows\CurrentVersion\Uninstall", PROGRAMS),
    nested(r"Microsoft\Windows\CurrentVersion\Policies\System", {"EnableLUA": 1}),
    nested(r"Microsoft\Windows\CurrentVersion\Component Based Servicing\Packages", SERVICING),
)
SYSTEM = joined(
    nested("Select", {"Current": 1}),
    nested(r"ControlSet001\Control\Lsa", {"LmCompatibilityLevel": 5}),
    nested(r"ControlSet001\Services\LanmanServer\Parameters", {"SMB1": 0}),
    nested(r"ControlSet001\Services\Spooler", {"Start": 2, "Type": 16}),
    nested(r"ControlSet001\Services\disk", {"Start": 0, "Type": 1}),
)


def test_a_windows_machine_tells_version_updates_programs_and_policies(tmp_path):
    put(tmp_path, "/windows/system32/CONFIG/software", hive(SOFTWARE))
    put(tmp_path, "/windows/system32/CONFIG/system", hive(SYSTEM))
    facts = read_machine(FolderTree(tmp_path), ABOUT)
    machine = facts.machine
    assert (machine.os.family, machine.os.id, machine.os.version, machine.os.codename) == (
        "windows",
        "windows",
        "10.0.20348",
        "21H2",
    )
    assert (machine.os.name, machine.os.end_of_life) == ("Windows Server 2022 Datacenter", "2031-10-14")
    windows = machine.windows
    assert windows is not None
    assert (windows.build, windows.edition, windows.installation) == ("20348.2322", "ServerDatacenter", "Server Core")
    assert windows.hotfixes == ("KB5034129",)
    assert windows.policies == {
        "LanmanServer\\SMB1": "0", "Lsa\\LmCompatibilityLevel": "5", "System\\EnableLUA": "1", "Winlogon\\AutoAdminLogon": "1",
        "Winlogon\\DefaultPassword": "set",
    }  # fmt: skip
    assert windows.services == {"Spooler": "automatic"}
    assert [(p.name, p.version, p.origin, p.ecosystem) for p in facts.software.packages] == [
        ("7-Zip 23.01 (x64)", "23.01", "Igor Pavlov", "windows")
    ]
    assert machine.unread["sudo"] == "not offered on Windows"
    assert "hunter2" not in repr(facts)


def test_a_hive_that_is_not_sound_is_refused(tmp_path):
    put(tmp_path, "/Windows/System32/config/SOFTWARE", b"regf" + bytes(8000))
    with pytest.raises(BadInput, match="no sound registry hive"):
        open_hive(reading_of(tmp_path), "SOFTWARE")
    machine = read_machine(FolderTree(tmp_path), ABOUT).machine
    assert "no sound registry hive" in machine.unread["os"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 255)), min_size=1, max_size=20), st.integers(0, 4096))
def test_a_damaged_hive_gives_facts_or_reasons_and_nothing_worse(tmp_path_factory, changes, cut):
    root = tmp_path_factory.mktemp("damaged")
    data = bytearray(hive(SOFTWARE))
    for at, value in changes:
        data[at % len(data)] = value
    put(root, "/Windows/System32/config/SOFTWARE", bytes(data[: len(data) - cut]))
    read_machine(FolderTree(root), ABOUT)
