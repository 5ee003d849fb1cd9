"""The system of a machine: what boots, what starts, what listens, and who may write where."""

from collections.abc import Mapping

from poise.model.asset import Part


class OperatingSystem(Part, frozen=True, kw_only=True):
    """What runs a machine."""

    family: str
    """`linux` or `windows`."""
    id: str
    """`debian`, `ubuntu`, `rhel`, `alpine`, `amzn`, `windows` ...; empty if it does not say."""
    like: tuple[str, ...]
    """Distributions it descends from, nearest first."""
    version: str
    """`12`, `22.04`, `9.4`, `10.0.20348`; empty if it has none (rolling)."""
    codename: str
    """`bookworm`; empty if it has none."""
    name: str
    """What people call it: `Debian GNU/Linux 12 (bookworm)`."""
    end_of_life: str | None
    """Day on which its free security support ended or ends, ISO 8601; None if that is not known."""
    extended_end: str | None
    """Day on which paid or community extensions end; None if there are none or that is not known."""


class Kernel(Part, frozen=True, kw_only=True):
    """The kernel of a machine."""

    release: str
    """Of the one that boots, as `uname -r` prints it; empty if it cannot be told."""
    known_by: str
    """What told: `last boot` (wtmp), `boot loader entry`, `boot loader default`, `link`, `only one` or empty."""
    installed: tuple[str, ...]
    """Releases of all kernels in `/boot` and `/lib/modules`, sorted."""


class FileMode(Part, frozen=True, kw_only=True):
    """Who may do what to a file or folder."""

    path: str
    """Path."""
    kind: str
    """`file`, `folder`, `link` or `other`."""
    mode: int
    """Permission bits with setuid, setgid and sticky: the low 12 bits."""
    uid: int
    """Owner."""
    gid: int
    """Group."""


class CronEntry(Part, frozen=True, kw_only=True):
    """A command that runs at set times."""

    place: str
    """File and line."""
    user: str
    """As whom."""
    schedule: str
    """When, as written: five fields or `@daily`; the name of the folder for scripts in `cron.daily` and its like."""
    command: str
    """What, shortened to 200 characters; values that look like passwords are replaced."""
    table: FileMode
    """The file that states it: whoever may write it chooses the command."""
    target: FileMode | None
    """The program; None if its path is not absolute or nothing is there."""
    target_folder: FileMode | None
    """The folder that holds the program: whoever may write it can swap the program."""


class Mount(Part, frozen=True, kw_only=True):
    """A line of `/etc/fstab`, or a mount unit."""

    device: str
    """What is mounted; passwords in it are replaced."""
    point: str
    """Where."""
    type: str
    """File system."""
    options: tuple[str, ...]
    """Options; passwords in them are replaced."""
    place: str
    """File and line."""


class Service(Part, frozen=True, kw_only=True):
    """Something that starts with the machine, or on demand."""

    name: str
    """Unit or script: `ssh.service`, `docker.socket`."""
    manager: str
    """`systemd`, `sysv` or `openrc`."""
    wanted_by: tuple[str, ...]
    """Targets or run levels that start it."""
    command: str
    """Program with arguments, shortened; empty if the unit is not on disk. Passwords are replaced."""
    user: str
    """As whom; empty for root."""
    place: str
    """File of the unit; empty if it is not on disk."""


class Listener(Part, frozen=True, kw_only=True):
    """A port that a configuration file opens."""

    program: str
    """`sshd`, `nginx`, `redis` ..."""
    protocol: str
    """`tcp` or `udp`."""
    address: str
    """Address it listens on: `0.0.0.0`, `::`, `127.0.0.1`, `*` for every one."""
    port: int
    """Port."""
    place: str
    """File and line that says so, or `default of <program>`."""
    starts: bool | None
    """Whether the program starts with the machine; None if that could not be told."""


class Firewall(Part, frozen=True, kw_only=True):
    """A packet filter on the machine."""

    tool: str
    """`nftables`, `iptables`, `ip6tables`, `ufw` or `firewalld`."""
    starts: bool | None
    """Whether its rules are loaded when the machine starts; None if that could not be told."""
    input_policy: str
    """What happens to incoming packets no rule names: `accept`, `drop`, `reject`; empty if nothing is stated."""
    forward_policy: str
    """The same for packets passing through."""
    output_policy: str
    """The same for packets sent."""
    rules: tuple[str, ...]
    """Rules as written, in order, at most 500."""
    place: str
    """File."""


class Audit(Part, frozen=True, kw_only=True):
    """The kernel's audit log."""

    installed: bool
    """Whether `auditd` is there."""
    starts: bool | None
    """Whether it starts with the machine; None if that could not be told."""
    settings: Mapping[str, str]
    """`auditd.conf`, by name in lower case."""
    rules: tuple[str, ...]
    """Rules in the order they are loaded."""


class TimeSync(Part, frozen=True, kw_only=True):
    """A program that sets the clock."""

    program: str
    """`chrony`, `ntp`, `ntpsec`, `systemd-timesyncd` or `openntpd`."""
    starts: bool | None
    """Whether it starts with the machine; None if that could not be told."""
    servers: tuple[str, ...]
    """Servers and pools it is told to use."""
    place: str
    """File that says so."""


class Logging(Part, frozen=True, kw_only=True):
    """Where log lines go."""

    journald: Mapping[str, str]
    """`journald.conf` with its folders, names in lower case."""
    rsyslog: tuple[str, ...]
    """Lines of `rsyslog.conf` and its folder that are not empty, at most 300."""
    rsyslog_starts: bool | None
    """Whether rsyslog starts with the machine; None if that could not be told."""
    logrotate: bool
    """Whether `logrotate.conf` is there."""
    coredump: Mapping[str, str]
    """`systemd/coredump.conf` with its folders, names in lower case."""
    limits: tuple[str, ...]
    """Lines of `security/limits.conf` and its folder."""


class Boot(Part, frozen=True, kw_only=True):
    """The boot loader."""

    password: bool
    """Whether a password is needed to change an entry."""
    arguments: tuple[str, ...]
    """Arguments of the kernel in the default entry."""
    place: str
    """File that says so; empty if there is none."""


class AccessControl(Part, frozen=True, kw_only=True):
    """Mandatory access control."""

    selinux: str | None
    """`enforcing`, `permissive` or `disabled`; None if SELinux has no configuration here."""
    selinux_type: str | None
    """Policy: `targeted`, `mls`; None likewise."""
    apparmor_starts: bool | None
    """Whether AppArmor starts with the machine; None if that could not be told."""
    apparmor_profiles: tuple[str, ...]
    """Names of its profiles."""
    apparmor_disabled: tuple[str, ...]
    """Profiles that are switched off."""


class KernelModules(Part, frozen=True, kw_only=True):
    """What `modprobe.d` says, and which modules that attacks go through are there. Names have `_`, never `-`."""

    blacklisted: tuple[str, ...]
    """Modules that are not loaded by themselves."""
    disabled: tuple[str, ...]
    """Modules whose loading runs `true` or `false` in their place."""
    present: tuple[str, ...] | None
    """Of rare file systems, rare protocols and USB disks: modules that an installed kernel has a file of; None if no
    kernel has its modules here."""
    built_in: tuple[str, ...]
    """Of the same: those that are part of an installed kernel, which `modprobe.d` does not keep out."""


class ShellSetting(Part, frozen=True, kw_only=True):
    """A setting in the start files of shells."""

    name: str
    """`umask` or `TMOUT`."""
    value: str
    """As written; `readonly` in front is kept."""
    place: str
    """File and line."""


class Updates(Part, frozen=True, kw_only=True):
    """How updates come in."""

    automatic: bool | None
    """Whether security updates install themselves; None if that could not be told."""
    place: str
    """File that says so; empty if none does."""
    signatures: Mapping[str, str]
    """What the configuration says of signatures of packages: file and section -> value of `gpgcheck`, or
    `trusted=yes`."""
    sources: tuple[str, ...]
    """Addresses that packages come from; passwords in them are replaced."""


class Protection(Part, frozen=True, kw_only=True):
    """An installed program against malware or intruders."""

    name: str
    """Product."""
    kind: str
    """`edr`, `antivirus` or `integrity`."""
    place: str
    """What told: a file or package."""
    starts: bool | None
    """Whether it starts with the machine; None if that could not be told."""
