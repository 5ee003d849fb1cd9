"""Pieces of the ordinary machine: its system, accounts and settings."""

import msgspec

from poise.model.host.accounts import Group, LoginRules, PamRule, Password, SudoDefault, Sudoers, SudoRule, User
from poise.model.host.ssh import SshServer
from poise.model.host.system import Audit, Boot, FileMode, KernelModules, Logging, Mount, OperatingSystem, Service

DEBIAN = OperatingSystem(
    family="linux",
    id="debian",
    like=(),
    version="13",
    codename="trixie",
    name="Debian GNU/Linux 13 (trixie)",
    end_of_life="2028-08-09",
    extended_end="2030-06-30",
)


def password(state: str, algorithm: str | None) -> Password:
    """Return a password that was set some time ago and lasts a year."""
    return Password(
        state=state,
        algorithm=algorithm,
        changed="2026-09-01",
        must_change=False,
        min_days=1,
        max_days=365,
        warn_days=7,
        inactive_days=30,
        expires=None,
    )


def user(name: str, uid: int, home: str, shell: str) -> User:
    """Return a user with a group of its own and a locked password."""
    return User(name=name, uid=uid, gid=uid, home=home, shell=shell, password=password("locked", None))


def file_mode(path: str, mode: int, kind: str = "file", gid: int = 0) -> FileMode:
    """Return the mode of something that root owns."""
    return FileMode(path=path, kind=kind, mode=mode, uid=0, gid=gid)


SSH_SETTINGS = {
    "port": "22",
    "addressfamily": "any",
    "permitrootlogin": "no",
    "passwordauthentication": "no",
    "kbdinteractiveauthentication": "no",
    "permitemptypasswords": "no",
    "pubkeyauthentication": "yes",
    "hostbasedauthentication": "no",
    "ignorerhosts": "yes",
    "usepam": "yes",
    "x11forwarding": "no",
    "allowtcpforwarding": "no",
    "maxauthtries": "4",
    "maxsessions": "10",
    "maxstartups": "10:30:60",
    "logingracetime": "60",
    "clientaliveinterval": "15",
    "clientalivecountmax": "3",
    "loglevel": "INFO",
    "permituserenvironment": "no",
    "banner": "/etc/issue.net",
    "allowgroups": "ssh-users",
    "strictmodes": "yes",
    "ciphers": "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes256-ctr",
    "macs": "hmac-sha2-512-etm@openssh.com,hmac-sha2-256-etm@openssh.com",
    "kexalgorithms": "sntrup761x25519-sha512@openssh.com,curve25519-sha256",
    "disableforwarding": "yes",
}
SSH_SERVER = SshServer(
    settings=SSH_SETTINGS,
    stated=tuple(sorted(SSH_SETTINGS)),
    matches=(),
    places={name: f"/etc/ssh/sshd_config:{number}" for number, name in enumerate(SSH_SETTINGS, 10)},
    version="1:10.0p1-7",
    starts=True,
)
LOGIN_RULES = LoginRules(
    login_defs={
        "PASS_MAX_DAYS": "365",
        "PASS_MIN_DAYS": "1",
        "PASS_WARN_AGE": "7",
        "UMASK": "027",
        "ENCRYPT_METHOD": "YESCRYPT",
    },
    password_quality={
        "minlen": "14",
        "minclass": "4",
        "maxrepeat": "3",
        "dictcheck": "1",
        "enforce_for_root": "true",
    },
    lockout={"deny": "5", "unlock_time": "900", "even_deny_root": "true"},
    new_users={"INACTIVE": "30", "SHELL": "/bin/bash"},
    securetty=None,
)
PAM = (
    PamRule(
        service="common-auth",
        type="auth",
        control="requisite",
        module="pam_faillock.so",
        arguments=("preauth",),
        place="/etc/pam.d/common-auth:1",
    ),
    PamRule(
        service="common-auth",
        type="auth",
        control="[success=2 default=ignore]",
        module="pam_unix.so",
        arguments=(),
        place="/etc/pam.d/common-auth:2",
    ),
    PamRule(
        service="common-auth",
        type="auth",
        control="[default=die]",
        module="pam_faillock.so",
        arguments=("authfail",),
        place="/etc/pam.d/common-auth:3",
    ),
    PamRule(
        service="common-account",
        type="account",
        control="required",
        module="pam_faillock.so",
        arguments=(),
        place="/etc/pam.d/common-account:1",
    ),
    PamRule(
        service="common-password",
        type="password",
        control="requisite",
        module="pam_pwquality.so",
        arguments=("retry=3",),
        place="/etc/pam.d/common-password:1",
    ),
    PamRule(
        service="common-password",
        type="password",
        control="required",
        module="pam_pwhistory.so",
        arguments=("remember=24", "use_authtok"),
        place="/etc/pam.d/common-password:2",
    ),
    PamRule(
        service="common-password",
        type="password",
        control="[success=1 default=ignore]",
        module="pam_unix.so",
        arguments=("obscure", "use_authtok", "yescrypt"),
        place="/etc/pam.d/common-password:3",
    ),
    PamRule(
        service="su",
        type="auth",
        control="required",
        module="pam_wheel.so",
        arguments=("use_uid", "group=sugroup"),
        place="/etc/pam.d/su:15",
    ),
)
SUDO = Sudoers(
    rules=(
        SudoRule(
            users=("root",),
            hosts=("ALL",),
            run_as=("ALL",),
            run_as_groups=("ALL",),
            tags=(),
            commands=("ALL",),
            place="/etc/sudoers:44",
        ),
        SudoRule(
            users=("%sudo",),
            hosts=("ALL",),
            run_as=("ALL",),
            run_as_groups=("ALL",),
            tags=(),
            commands=("ALL",),
            place="/etc/sudoers:47",
        ),
    ),
    defaults=(
        SudoDefault(scope="", name="use_pty", value="true", place="/etc/sudoers:9"),
        SudoDefault(scope="", name="logfile", value="/var/log/sudo.log", place="/etc/sudoers:10"),
    ),
    not_understood=(),
)
SYSCTL = {
    "net.ipv4.ip_forward": "0",
    "net.ipv6.conf.all.forwarding": "0",
    "net.ipv4.conf.all.send_redirects": "0",
    "net.ipv4.conf.default.send_redirects": "0",
    "net.ipv4.conf.all.accept_redirects": "0",
    "net.ipv4.conf.default.accept_redirects": "0",
    "net.ipv6.conf.all.accept_redirects": "0",
    "net.ipv6.conf.default.accept_redirects": "0",
    "net.ipv4.conf.all.secure_redirects": "0",
    "net.ipv4.conf.default.secure_redirects": "0",
    "net.ipv4.conf.all.accept_source_route": "0",
    "net.ipv4.conf.default.accept_source_route": "0",
    "net.ipv6.conf.all.accept_source_route": "0",
    "net.ipv6.conf.default.accept_source_route": "0",
    "net.ipv4.conf.all.log_martians": "1",
    "net.ipv4.conf.default.log_martians": "1",
    "net.ipv4.icmp_echo_ignore_broadcasts": "1",
    "net.ipv4.icmp_ignore_bogus_error_responses": "1",
    "net.ipv4.conf.all.rp_filter": "1",
    "net.ipv4.conf.default.rp_filter": "1",
    "net.ipv4.tcp_syncookies": "1",
    "net.ipv6.conf.all.accept_ra": "0",
    "net.ipv6.conf.default.accept_ra": "0",
    "kernel.randomize_va_space": "2",
    "kernel.yama.ptrace_scope": "1",
    "kernel.dmesg_restrict": "1",
    "kernel.kptr_restrict": "2",
    "kernel.unprivileged_bpf_disabled": "1",
    "fs.suid_dumpable": "0",
    "fs.protected_hardlinks": "1",
    "fs.protected_symlinks": "1",
}
MOUNTS = (
    Mount(device="UUID=aaaa", point="/", type="ext4", options=("errors=remount-ro",), place="/etc/fstab:1"),
    *(
        Mount(
            device=device,
            point=point,
            type=kind,
            options=("defaults", "nodev", "nosuid", "noexec"),
            place=f"/etc/fstab:{line}",
        )
        for line, (device, point, kind) in enumerate(
            (
                ("tmpfs", "/tmp", "tmpfs"),  # noqa: S108
                ("tmpfs", "/dev/shm", "tmpfs"),  # noqa: S108
                ("UUID=bbbb", "/home", "ext4"),
                ("UUID=cccc", "/var", "ext4"),
                ("UUID=dddd", "/var/tmp", "ext4"),  # noqa: S108
                ("UUID=eeee", "/var/log", "ext4"),
                ("UUID=ffff", "/var/log/audit", "ext4"),
            ),
            2,
        )
    ),
)
FILE_MODES = (
    file_mode("/etc/passwd", 0o644),
    file_mode("/etc/passwd-", 0o644),
    file_mode("/etc/group", 0o644),
    file_mode("/etc/group-", 0o644),
    file_mode("/etc/shadow", 0o640, gid=42),
    file_mode("/etc/shadow-", 0o640, gid=42),
    file_mode("/etc/gshadow", 0o640, gid=42),
    file_mode("/etc/gshadow-", 0o640, gid=42),
    file_mode("/etc/shells", 0o644),
    file_mode("/etc/ssh/sshd_config", 0o600),
    file_mode("/etc/ssh/ssh_host_ed25519_key", 0o600),
    file_mode("/etc/ssh/ssh_host_ed25519_key.pub", 0o644),
    file_mode("/etc/crontab", 0o600),
    file_mode("/etc/cron.d", 0o700, "folder"),
    file_mode("/etc/cron.hourly", 0o700, "folder"),
    file_mode("/etc/cron.daily", 0o700, "folder"),
    file_mode("/etc/cron.weekly", 0o700, "folder"),
    file_mode("/etc/cron.monthly", 0o700, "folder"),
    file_mode("/etc/cron.allow", 0o640),
    file_mode("/etc/sudoers", 0o440),
    file_mode("/etc/sudoers.d", 0o750, "folder"),
    file_mode("/etc/motd", 0o644),
    file_mode("/etc/issue", 0o644),
    file_mode("/etc/issue.net", 0o644),
    file_mode("/boot/grub/grub.cfg", 0o600),
    file_mode("/root", 0o700, "folder"),
    FileMode(path="/home/alice", kind="folder", mode=0o700, uid=1000, gid=1000),
)
SERVICES = tuple(
    Service(
        name=name,
        manager="systemd",
        wanted_by=("multi-user.target",),
        command=command,
        user="",
        place=f"/usr/lib/systemd/system/{name}",
    )
    for name, command in (
        ("ssh.service", "/usr/sbin/sshd -D"),
        ("cron.service", "/usr/sbin/cron -f"),
        ("auditd.service", "/sbin/auditd"),
        ("nftables.service", "/usr/sbin/nft -f /etc/nftables.conf"),
        ("chrony.service", "/usr/sbin/chronyd"),
        ("rsyslog.service", "/usr/sbin/rsyslogd -n"),
        ("apparmor.service", "/lib/apparmor/apparmor.systemd reload"),
    )
)
AUDIT = Audit(
    installed=True,
    starts=True,
    settings={
        "max_log_file": "32",
        "max_log_file_action": "keep_logs",
        "space_left_action": "email",
        "admin_space_left_action": "halt",
        "disk_full_action": "halt",
        "disk_error_action": "halt",
    },
    rules=(
        "-a always,exit -F arch=b64 -S adjtimex,settimeofday,clock_settime -k time-change",
        "-w /etc/localtime -p wa -k time-change",
        "-w /etc/group -p wa -k identity",
        "-w /etc/passwd -p wa -k identity",
        "-w /etc/gshadow -p wa -k identity",
        "-w /etc/shadow -p wa -k identity",
        "-w /etc/security/opasswd -p wa -k identity",
        "-w /etc/sudoers -p wa -k scope",
        "-w /etc/sudoers.d -p wa -k scope",
        "-w /var/log/sudo.log -p wa -k sudo_log_file",
        "-w /var/log/lastlog -p wa -k logins",
        "-w /var/run/faillock -p wa -k logins",
        "-w /var/run/utmp -p wa -k session",
        "-w /var/log/wtmp -p wa -k session",
        "-w /var/log/btmp -p wa -k session",
        "-a always,exit -F arch=b64 -S init_module,finit_module,delete_module -k kernel_modules",
        "-e 2",
    ),
)
BOOT = Boot(
    password=True,
    arguments=("ro", "apparmor=1", "security=apparmor", "audit=1", "audit_backlog_limit=8192"),
    place="/boot/grub/grub.cfg",
)
RARE_MODULES = (
    "cramfs",
    "freevxfs",
    "hfs",
    "hfsplus",
    "jffs2",
    "squashfs",
    "udf",
    "usb_storage",
    "dccp",
    "sctp",
    "rds",
    "tipc",
)
KERNEL_MODULES = KernelModules(blacklisted=RARE_MODULES, disabled=RARE_MODULES, present=RARE_MODULES, built_in=())
LOGGING = Logging(
    journald={"storage": "persistent", "compress": "yes", "forwardtosyslog": "yes"},
    rsyslog=("$FileCreateMode 0640", "*.* @@logs.example.org:6514", "auth,authpriv.* /var/log/auth.log"),
    rsyslog_starts=True,
    logrotate=True,
    coredump={"storage": "none", "processsizemax": "0"},
    limits=("* hard core 0",),
)
USERS = (
    user("root", 0, "/root", "/bin/bash"),
    user("daemon", 1, "/usr/sbin", "/usr/sbin/nologin"),
    msgspec.structs.replace(user("alice", 1000, "/home/alice", "/bin/bash"), password=password("set", "yescrypt")),
)
GROUPS = (
    Group(name="root", gid=0, members=()),
    Group(name="daemon", gid=1, members=()),
    Group(name="shadow", gid=42, members=()),
    Group(name="sudo", gid=27, members=("alice",)),
    Group(name="ssh-users", gid=999, members=("alice",)),
    Group(name="alice", gid=1000, members=()),
)
