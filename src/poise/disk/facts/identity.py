"""What a machine is called, and which processor it has."""

from __future__ import annotations

from poise.disk.facts.packages import executable
from poise.disk.facts.reading import Reading
from poise.disk.tree import Unreadable
from poise.model.errors import BadInput

PROGRAMS = ("/bin/sh", "/usr/bin/env", "/sbin/init", "/usr/lib/systemd/systemd", "/bin/busybox", "/usr/bin/coreutils",
            "/lib64/ld-linux-x86-64.so.2", "/Windows/System32/ntoskrnl.exe")  # fmt: skip
PROCESSORS = {3: "i386", 20: "ppc", 21: "ppc64", 22: "s390x", 40: "arm", 62: "x86_64", 183: "aarch64", 243: "riscv64",
              258: "loongarch64", 0x8664: "x86_64", 0xAA64: "aarch64", 0x14C: "i386"}  # fmt: skip
"""Numbers of the ELF header (e_machine) and of PE (Machine)."""
INSTANCE_ID = "/var/lib/cloud/data/instance-id"
MOST_NAME = 253


def read_hostname(reading: Reading) -> str:
    """Return the first name in `/etc/hostname`; empty if there is none. Raises :class:`Unreadable`."""
    return next((line.text[:MOST_NAME] for line in reading.lines("/etc/hostname")), "")


def read_machine_id(reading: Reading) -> str | None:
    """Return `/etc/machine-id`, or None if there is none or it is not set yet. Raises :class:`Unreadable`."""
    text = (reading.text("/etc/machine-id") or "").strip()
    return text if len(text) == 32 and text.isalnum() else None


def read_instance_id(reading: Reading) -> str | None:
    """Return the instance id that cloud-init noted, or None if there is none. Raises :class:`Unreadable`."""
    return (reading.text(INSTANCE_ID) or "").strip()[:MOST_NAME] or None


def read_architecture(reading: Reading) -> str:
    """Return the processor that the machine's own programs are for; empty if none could be read."""
    for path in PROGRAMS:
        try:
            if not reading.is_file(path):
                continue
            with reading.open(path) as file:
                program = executable.parse(file)
        except (Unreadable, BadInput):
            continue
        if program and program.machine in PROCESSORS:
            return PROCESSORS[program.machine]
    return ""
