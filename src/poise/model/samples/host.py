"""One ordinary machine, its software, its secrets and its list of hosts, as they should be."""

from poise.model.host.engines import EngineSettings
from poise.model.host.estate import Hosts
from poise.model.host.machine import Machine
from poise.model.host.matched_secret import MatchedSecret
from poise.model.host.secrets import Secrets
from poise.model.host.software import Package, Software
from poise.model.host.ssh import AuthorizedKey
from poise.model.host.system import (
    AccessControl,
    CronEntry,
    Firewall,
    Kernel,
    Listener,
    Protection,
    ShellSetting,
    TimeSync,
    Updates,
)
from poise.model.samples.host_parts import (
    AUDIT,
    BOOT,
    DEBIAN,
    FILE_MODES,
    GROUPS,
    KERNEL_MODULES,
    LOGGING,
    LOGIN_RULES,
    MOUNTS,
    PAM,
    SERVICES,
    SSH_SERVER,
    SUDO,
    SYSCTL,
    USERS,
    file_mode,
)

SCOPE = "on-premises"
MACHINE_ID = "host://web-1"

MACHINE = Machine(
    id=MACHINE_ID,
    name="web-1",
    scope=SCOPE,
    region="global",
    tags={"team": "platform"},
    cloud_asset=None,
    instance_id=None,
    machine_id="0123456789abcdef0123456789abcdef",
    os=DEBIAN,
    kernel=Kernel(release="6.12.57+deb13-amd64", known_by="last boot", installed=("6.12.57+deb13-amd64",)),
    architecture="x86_64",
    hostname="web-1",
    users=USERS,
    groups=GROUPS,
    login_rules=LOGIN_RULES,
    pam=PAM,
    sudo=SUDO,
    ssh_server=SSH_SERVER,
    authorized_keys=(
        AuthorizedKey(
            user="alice",
            type="ssh-ed25519",
            fingerprint="SHA256:0000000000000000000000000000000000000000000",
            md5="00000000000000000000000000000000",
            bits=None,
            options=(),
            comment="alice@laptop",
            is_authority=False,
            place="/home/alice/.ssh/authorized_keys:1",
        ),
    ),
    private_keys=(),
    known_hosts=(),
    sysctl=SYSCTL,
    cron=(
        CronEntry(
            place="/etc/crontab:10",
            user="root",
            schedule="17 * * * *",
            command="/usr/sbin/logrotate /etc/logrotate.conf",
            table=file_mode("/etc/crontab", 0o600),
            target=file_mode("/usr/sbin/logrotate", 0o755),
            target_folder=file_mode("/usr/sbin", 0o755, "folder"),
        ),
    ),
    mounts=MOUNTS,
    file_modes=FILE_MODES,
    setuid_files=(file_mode("/usr/bin/passwd", 0o4755), file_mode("/usr/bin/sudo", 0o4755)),
    world_writable=(file_mode("/tmp", 0o1777, "folder"), file_mode("/var/tmp", 0o1777, "folder")),  # noqa: S108
    unowned=(),
    services=SERVICES,
    listeners=(
        Listener(program="sshd", protocol="tcp", address="*", port=22, place="/etc/ssh/sshd_config:10", starts=True),
    ),
    firewalls=(
        Firewall(
            tool="nftables",
            starts=True,
            input_policy="drop",
            forward_policy="drop",
            output_policy="accept",
            rules=("iif lo accept", "ct state established,related accept", "tcp dport 22 accept"),
            place="/etc/nftables.conf",
        ),
    ),
    audit=AUDIT,
    time_sync=(TimeSync(program="chrony", starts=True, servers=("ntp.example.org",), place="/etc/chrony/chrony.conf"),),
    logging=LOGGING,
    boot=BOOT,
    access_control=AccessControl(
        selinux=None,
        selinux_type=None,
        apparmor_starts=True,
        apparmor_profiles=("usr.sbin.chronyd",),
        apparmor_disabled=(),
    ),
    kernel_modules=KERNEL_MODULES,
    banners={"/etc/motd": "", "/etc/issue": "Authorized use only.\n", "/etc/issue.net": "Authorized use only.\n"},
    shell_settings=(
        ShellSetting(name="umask", value="027", place="/etc/profile:30"),
        ShellSetting(name="TMOUT", value="readonly 900", place="/etc/profile.d/tmout.sh:1"),
    ),
    updates=Updates(
        automatic=True,
        place="/etc/apt/apt.conf.d/20auto-upgrades",
        signatures={},
        sources=("https://mirror.example.org/debian", "https://security.example.org/debian-security"),
    ),
    engines=(
        EngineSettings(
            program="docker",
            settings={
                "icc": "false",
                "live-restore": "true",
                "no-new-privileges": "true",
                "userland-proxy": "false",
                "userns-remap": "default",
                "log-driver": "json-file",
                "log-level": "info",
            },
            places=("/etc/docker/daemon.json",),
        ),
    ),
    container_images=(),
    containers=(),
    protection=(Protection(name="AIDE", kind="integrity", place="/etc/aide/aide.conf", starts=True),),
    windows=None,
    gaps=(),
)


def deb(name: str, version: str, epoch: int | None = None) -> Package:
    """Return an installed package of Debian, built from a source of its own name."""
    full = version if epoch is None else f"{epoch}:{version}"
    return Package(
        name=name,
        version=version,
        epoch=epoch,
        release="",
        architecture="amd64",
        ecosystem="deb",
        source=name,
        source_version=full,
        module="",
        origin="Debian",
        place="/var/lib/dpkg/status",
        owner="",
        state="installed",
        files_missing=False,
        guessed=False,
        development=False,
        purl=f"pkg:deb/debian/{name}@{full}?arch=amd64&distro=debian-13",
    )


SOFTWARE = Software(
    id=f"{MACHINE_ID}#software",
    name="web-1",
    scope=SCOPE,
    region="global",
    tags={"team": "platform"},
    machine=MACHINE_ID,
    os=DEBIAN,
    kernel="6.12.57+deb13-amd64",
    kernels=("6.12.57+deb13-amd64",),
    packages=(deb("bash", "5.2.37-2"), deb("nginx", "1.26.3-3"), deb("openssh-server", "10.0p1-7", 1)),
    gaps=(),
)
SECRETS = Secrets(
    id=f"{MACHINE_ID}#secrets",
    name="web-1",
    scope=SCOPE,
    region="global",
    tags={"team": "platform"},
    machine=MACHINE_ID,
    found=(),
    files_scanned=1200,
    bytes_scanned=9_000_000,
    gaps=(),
)
HOSTS = Hosts(
    id=f"host://{SCOPE}",
    name=SCOPE,
    scope=SCOPE,
    region="global",
    tags={},
    machines=(MACHINE_ID,),
    not_scanned=(),
)
MATCHED_SECRET = MatchedSecret(
    id=f"{MACHINE_ID}#secret-0a1b2c3d4e5f",
    name="aws access key id in /root/.aws/credentials",
    scope=SCOPE,
    region="global",
    tags={},
    held_in=MACHINE_ID,
    rule="aws_access_key_id",
    place="/root/.aws/credentials:2",
    leaked=False,
    opens=None,
    key_number=None,
    valid=None,
)
