"""A machine as its disk describes it, whether a cloud's, a data centre's or a container image.

One fact is one field, and each can be unread for itself. Facts that only Linux has are unread on Windows, with that
reason, and `windows` is None on Linux. A container image is a machine with no kernel (`kernel.release` empty).
"""

from collections.abc import Mapping

from poise.model.asset import Asset, asset_kind
from poise.model.host.accounts import Group, LoginRules, PamRule, Sudoers, User
from poise.model.host.engines import Container, ContainerImage, EngineSettings
from poise.model.host.gaps import Gap
from poise.model.host.ssh import AuthorizedKey, KnownHost, PrivateKey, SshServer
from poise.model.host.system import (
    AccessControl,
    Audit,
    Boot,
    CronEntry,
    FileMode,
    Firewall,
    Kernel,
    KernelModules,
    Listener,
    Logging,
    Mount,
    OperatingSystem,
    Protection,
    Service,
    ShellSetting,
    TimeSync,
    Updates,
)
from poise.model.host.windows import WindowsFacts


@asset_kind("Machine", "host")
class Machine(Asset):
    """A machine; its id is `host://` and its name, or the id of the cloud asset it is."""

    cloud_asset: str | None
    """Id of the cloud asset whose disk was read; None on premises."""
    instance_id: str | None
    """Instance id that cloud-init left on disk; None if there is none."""
    machine_id: str | None
    """`/etc/machine-id`; None if there is none."""
    os: OperatingSystem
    """Its system."""
    kernel: Kernel
    """Its kernels."""
    architecture: str
    """`x86_64`, `aarch64` ..., from the header of its own programs; empty if none could be read."""
    hostname: str
    """`/etc/hostname`; empty if there is none."""
    users: tuple[User, ...]
    """Users, in order."""
    groups: tuple[Group, ...]
    """Groups, in order."""
    login_rules: LoginRules
    """Rules for accounts and passwords."""
    pam: tuple[PamRule, ...]
    """PAM stacks."""
    sudo: Sudoers | None
    """Who may become whom; None if sudo is not configured."""
    ssh_server: SshServer | None
    """The SSH server; None if there is none."""
    authorized_keys: tuple[AuthorizedKey, ...]
    """Keys that open accounts."""
    private_keys: tuple[PrivateKey, ...]
    """Private keys in homes and below `/etc/ssh`."""
    known_hosts: tuple[KnownHost, ...]
    """Servers that its people have spoken to."""
    sysctl: Mapping[str, str]
    """Kernel parameters set at boot, the last that states one wins; names with dots."""
    cron: tuple[CronEntry, ...]
    """Commands that run at set times."""
    mounts: tuple[Mount, ...]
    """What is mounted at boot."""
    file_modes: tuple[FileMode, ...]
    """Modes of sensitive files and of home folders, of those that exist."""
    setuid_files: tuple[FileMode, ...]
    """Programs with setuid or setgid."""
    world_writable: tuple[FileMode, ...]
    """Files and folders that everybody may write, links and devices apart."""
    unowned: tuple[FileMode, ...]
    """Files whose owner or group has no name on this machine, at most 1,000."""
    services: tuple[Service, ...]
    """What starts."""
    listeners: tuple[Listener, ...]
    """Ports that configuration files open."""
    firewalls: tuple[Firewall, ...]
    """Packet filters."""
    audit: Audit
    """The kernel's audit log."""
    time_sync: tuple[TimeSync, ...]
    """Programs that set the clock."""
    logging: Logging
    """Where log lines go."""
    boot: Boot
    """The boot loader."""
    access_control: AccessControl
    """SELinux and AppArmor."""
    kernel_modules: KernelModules
    """Modules that may not be loaded."""
    banners: Mapping[str, str]
    """Text of `/etc/motd`, `/etc/issue` and `/etc/issue.net`, of those that exist, at most 2,000 characters each."""
    shell_settings: tuple[ShellSetting, ...]
    """`umask` and `TMOUT` in the start files of shells."""
    updates: Updates
    """How updates come in."""
    engines: tuple[EngineSettings, ...]
    """Configuration of Docker, containerd and the kubelet, of those that exist."""
    container_images: tuple[ContainerImage, ...]
    """Images in the stores of container engines."""
    containers: tuple[Container, ...]
    """Containers on disk."""
    protection: tuple[Protection, ...]
    """Programs against malware and intruders."""
    windows: WindowsFacts | None
    """What a Windows registry says; None on Linux."""
    gaps: tuple[Gap, ...]
    """What a fact lacks though it was read: a limit reached, a file that could not be understood."""
