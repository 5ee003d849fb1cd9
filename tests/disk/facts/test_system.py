# ruff: noqa: E501
"""System, kernel, services and settings."""

import sqlite3
import struct

import pytest

from poise.disk.facts.boot import read_access_control, read_boot
from poise.disk.facts.cron import read_cron
from poise.disk.facts.engines import read_container_images, read_containers, read_engines
from poise.disk.facts.firewall import read_firewalls
from poise.disk.facts.identity import read_architecture, read_hostname
from poise.disk.facts.kernel import read_kernel
from poise.disk.facts.listeners import endpoint, read_listeners
from poise.disk.facts.modes import read_file_modes, read_setuid_files, read_unowned, read_world_writable
from poise.disk.facts.os_release import read_os
from poise.disk.facts.protection import read_protection
from poise.disk.facts.redact import without_passwords
from poise.disk.facts.services import read_services, starts
from poise.disk.facts.settings import (
    read_kernel_modules,
    read_mounts,
    read_shell_settings,
    read_sysctl,
)
from poise.disk.facts.upkeep import read_audit, read_logging, read_time_sync, read_updates
from tests.disk.facts.packages.elf import elf
from tests.disk.roots import link, put, reading_of

RELEASES = {
    "Debian 12": ({"/etc/os-release": 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nID=debian\n'},
                  ("debian", "12", "bookworm", "2026-07-11")),
    "Debian testing": ({"/etc/os-release": 'PRETTY_NAME="Debian GNU/Linux trixie/sid"\nID=debian\n', "/etc/debian_version": "trixie/sid\n"},
                       ("debian", "13", "trixie", "2028-08-09")),
    "Ubuntu": ({"/usr/lib/os-release": 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="22.04"\nVERSION_CODENAME=jammy\n'},
               ("ubuntu", "22.04", "jammy", "2027-06-01")),
    "CentOS 7": ({"/etc/os-release": 'ID="centos"\nVERSION_ID="7"\n', "/etc/centos-release": "CentOS Linux release 7.9.2009 (Core)\n"},
                 ("centos", "7.9.2009", "", "2024-06-30")),
    "CentOS 6": ({"/etc/redhat-release": "CentOS release 6.10 (Final)\n"}, ("centos", "6.10", "Final", "2020-11-30")),
    "RHEL 6": ({"/etc/redhat-release": "Red Hat Enterprise Linux Server release 6.10 (Santiago)\n"},
               ("rhel", "6.10", "Santiago", "2020-11-30")),
    "Rocky": ({"/etc/os-release": 'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\n'}, ("rocky", "9.4", "", "2032-05-31")),
    "Alpine": ({"/etc/os-release": "ID=alpine\nVERSION_ID=3.19.1\n"}, ("alpine", "3.19.1", "", "2025-11-01")),
    "old Alpine": ({"/etc/alpine-release": "3.12.0\n"}, ("alpine", "3.12.0", "", "2022-05-01")),
    "rolling": ({"/etc/os-release": "ID=arch\nPRETTY_NAME='Arch Linux'\n"}, ("arch", "", "", None)),
    "nothing": ({}, ("", "", "", None)),
}  # fmt: skip


@pytest.mark.parametrize("name", RELEASES)
def test_the_system_is_told_by_the_files_it_has(tmp_path, name):
    files, expected = RELEASES[name]
    for path, text in files.items():
        put(tmp_path, path, text)
    found = read_os(reading_of(tmp_path))
    assert (found.id, found.version, found.codename, found.end_of_life) == expected


def boot_record(release: str) -> bytes:
    """Return a record of wtmp for a boot: 384 bytes, by utmp(5)."""
    return struct.pack("<hxxi32s4s32s256s", 2, 0, b"~", b"~~", b"reboot", release.encode()).ljust(384, b"\0")


def installed(root, *releases):
    for release in releases:
        put(root, f"/boot/vmlinuz-{release}", "kernel")


def test_the_last_boot_tells_the_kernel(tmp_path):
    installed(tmp_path, "6.1.0-28-amd64", "6.1.0-40-amd64")
    put(tmp_path, "/var/log/wtmp", boot_record("6.1.0-28-amd64") + boot_record("6.1.0-40-amd64") + bytes(384) + b"cut")
    link(tmp_path, "/vmlinuz", "boot/vmlinuz-6.1.0-28-amd64")
    kernel = read_kernel(reading_of(tmp_path))
    assert (kernel.release, kernel.known_by) == ("6.1.0-40-amd64", "last boot")
    assert kernel.installed == ("6.1.0-28-amd64", "6.1.0-40-amd64")


def test_the_last_boot_may_stand_in_a_database(tmp_path):
    installed(tmp_path, "6.12.1-amd64", "6.12.2-amd64")
    path = tmp_path / "made"
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE TABLE wtmp (ID INTEGER PRIMARY KEY, Type INTEGER, User TEXT, Login INTEGER, RemoteHost TEXT)"
        )
        rows = [(1, "reboot", "6.12.2-amd64"), (1, "reboot", "6.12.1-amd64"), (3, "root", "10.0.0.5")]
        database.executemany("INSERT INTO wtmp (Type, User, RemoteHost) VALUES (?, ?, ?)", rows)
    database.close()
    put(tmp_path, "/var/lib/wtmpdb/wtmp.db", path.read_bytes())
    kernel = read_kernel(reading_of(tmp_path))
    assert (kernel.release, kernel.known_by) == ("6.12.1-amd64", "last boot")


def test_a_kernel_that_is_no_longer_installed_does_not_boot(tmp_path):
    installed(tmp_path, "6.1.0-40-amd64")
    put(tmp_path, "/var/log/wtmp", boot_record("5.10.0-1-amd64"))
    assert read_kernel(reading_of(tmp_path)).known_by == "only one"


def test_the_saved_entry_of_the_boot_loader_tells_the_kernel(tmp_path):
    installed(tmp_path, "5.14.0-1.el9.x86_64", "5.14.0-2.el9.x86_64", "0-rescue-abc")
    for number in (1, 2):
        release = f"5.14.0-{number}.el9.x86_64"
        put(
            tmp_path,
            f"/boot/loader/entries/id-{release}.conf",
            f"title x\nversion {release}\nlinux /vmlinuz-{release}\noptions root=x ro\n",
        )
    put(tmp_path, "/boot/grub2/grubenv", "# GRUB Environment Block\nsaved_entry=id-5.14.0-1.el9.x86_64\n####")
    kernel = read_kernel(reading_of(tmp_path))
    assert (kernel.release, kernel.known_by) == ("5.14.0-1.el9.x86_64", "boot loader entry")
    assert "rescue" not in " ".join(kernel.installed)


def test_the_first_entry_of_the_menu_or_the_link_tell_the_kernel(tmp_path):
    installed(tmp_path, "6.1.0-28-amd64", "6.1.0-40-amd64")
    link(tmp_path, "/boot/vmlinuz", "vmlinuz-6.1.0-28-amd64")
    assert read_kernel(reading_of(tmp_path)).known_by == "link"
    put(
        tmp_path,
        "/boot/grub/grub.cfg",
        "menuentry 'Debian' {\n\tlinux /boot/vmlinuz-6.1.0-40-amd64 root=x ro quiet audit=1\n}\n",
    )
    kernel = read_kernel(reading_of(tmp_path))
    assert (kernel.release, kernel.known_by) == ("6.1.0-40-amd64", "boot loader default")
    assert read_boot(reading_of(tmp_path)).arguments == ("root=x", "ro", "quiet", "audit=1")


def unit(root, name, text, *, target="multi-user.target", folder="/usr/lib/systemd/system"):
    put(root, f"{folder}/{name}", text)
    if target:
        link(root, f"/etc/systemd/system/{target}.wants/{name}", f"{folder}/{name}")


def test_services_that_start_are_the_enabled_ones(tmp_path):
    unit(tmp_path, "ssh.service", "[Unit]\n[Service]\nExecStart=-/usr/sbin/sshd -D\n")
    unit(tmp_path, "idle.service", "[Service]\nExecStart=/bin/idle\n", target="")
    unit(tmp_path, "rescue.service", "[Service]\nExecStart=/bin/r\n", target="rescue.target")
    unit(tmp_path, "db.service", "[Service]\nUser=postgres\nExecStart=/bin/db --password=hunter2hunter\n")
    put(tmp_path, "/etc/systemd/system/db.service.d/x.conf", "[Service]\nExecStart=\nExecStart=/bin/db2 --token abc\n")
    unit(tmp_path, "masked.service", "[Service]\n")
    link(tmp_path, "/etc/systemd/system/masked.service", "/dev/null")
    link(
        tmp_path,
        "/etc/systemd/system/multi-user.target.wants/getty@tty1.service",
        "/usr/lib/systemd/system/getty@.service",
    )
    put(tmp_path, "/usr/lib/systemd/system/getty@.service", "[Service]\nExecStart=/sbin/agetty\n")
    put(tmp_path, "/etc/init.d/old", "#!/bin/sh")
    link(tmp_path, "/etc/rc3.d/S01old", "../init.d/old")
    link(tmp_path, "/etc/rc3.d/K01off", "../init.d/off")
    found = {s.name: (s.manager, s.command, s.user) for s in read_services(reading_of(tmp_path))}
    assert found == {
        "ssh.service": ("systemd", "/usr/sbin/sshd -D", ""),
        "db.service": ("systemd", "/bin/db2 --token ***", "postgres"),
        "getty@tty1.service": ("systemd", "/sbin/agetty", ""),
        "old": ("sysv", "/etc/init.d/old start", ""),
    }
    reading = reading_of(tmp_path)
    assert (starts(reading, "ssh", "sshd"), starts(reading, "idle"), starts(reading_of(tmp_path / "etc"), "ssh")) == (
        True,
        False,
        None,
    )


def test_kernel_parameters_are_those_of_the_last_file(tmp_path):
    put(tmp_path, "/usr/lib/sysctl.d/50-a.conf", "net.ipv4.ip_forward = 1\nkernel.sysrq=16\n")
    put(tmp_path, "/usr/lib/sysctl.d/60-b.conf", "kernel.core = hidden\n")
    put(tmp_path, "/etc/sysctl.d/60-b.conf", "; comment\n-net/ipv4/conf/eth0.1/rp_filter = 1\n")
    put(tmp_path, "/etc/sysctl.conf", "net.ipv4.ip_forward=0\n")
    expected = {"net.ipv4.ip_forward": "0", "kernel.sysrq": "16", "net.ipv4.conf.eth0/1.rp_filter": "1"}
    assert read_sysctl(reading_of(tmp_path)) == expected


def test_modules_mounts_and_shell_settings(tmp_path):
    put(
        tmp_path,
        "/etc/modprobe.d/cis.conf",
        "install cramfs /bin/false\nblacklist usb-storage\ninstall x /sbin/modprobe y\n",
    )
    put(
        tmp_path,
        "/etc/fstab",
        "UUID=a / ext4 defaults 0 1\n//srv/x /mnt cifs user=a,password=hunter2 0 0\ntmpfs /my\\040tmp tmpfs\n",
    )
    put(
        tmp_path,
        "/etc/profile.d/x.sh",
        "umask 027\nreadonly TMOUT=900 ; export TMOUT\ndeclare -xr TMOUT=600\n# umask 000\n",
    )
    modules = read_kernel_modules(reading_of(tmp_path))
    assert (modules.disabled, modules.blacklisted) == (("cramfs",), ("usb-storage",))
    assert [(m.point, m.type, m.options) for m in read_mounts(reading_of(tmp_path))] == [
        ("/", "ext4", ("defaults",)),
        ("/mnt", "cifs", ("user=a", "password=***")),
        ("/my tmp", "tmpfs", ("defaults",)),
    ]
    found = [(s.name, s.value) for s in read_shell_settings(reading_of(tmp_path))]
    assert found == [("umask", "027"), ("TMOUT", "readonly 900"), ("TMOUT", "readonly 600")]


def test_cron_entries_show_who_may_change_them(tmp_path):
    put(tmp_path, "/opt/job.sh", "x", 0o777)
    put(
        tmp_path,
        "/etc/crontab",
        "SHELL=/bin/sh\n17 * * * * root cd / && /opt/job.sh --password=hunter2\n@reboot root relative\n",
        0o600,
    )
    put(tmp_path, "/var/spool/cron/crontabs/ann", "*/5 * * * * /opt/job.sh\n", 0o600)
    put(tmp_path, "/etc/cron.daily/backup", "x", 0o755)
    first, second, third, fourth = read_cron(reading_of(tmp_path))
    assert (first.user, first.schedule, first.command) == ("root", "17 * * * *", "cd / && /opt/job.sh --password=***")
    assert first.target is not None
    assert (first.target.path, first.target.mode, first.table.mode) == ("/opt/job.sh", 0o777, 0o600)
    assert (second.schedule, second.target) == ("@reboot", None)
    assert (third.user, third.place) == ("ann", "/var/spool/cron/crontabs/ann:1")
    assert (fourth.schedule, fourth.command) == ("cron.daily", "/etc/cron.daily/backup")


def test_permissions_are_those_on_disk(tmp_path):
    put(tmp_path, "/etc/passwd", "root:x:0:0::/root:/bin/sh\n")
    put(tmp_path, "/etc/group", "root:x:0:\n")
    put(tmp_path, "/etc/shadow", "", 0o666)
    put(tmp_path, "/opt/tool", "x", 0o4777)
    put(tmp_path, "/usr/share/doc/x", "x", 0o666)
    reading = reading_of(tmp_path)
    assert {m.path: m.mode for m in read_file_modes(reading)}["/etc/shadow"] == 0o666
    assert [(m.path, m.mode) for m in read_setuid_files(reading)] == [("/opt/tool", 0o4777)]
    assert [m.path for m in read_world_writable(reading)] == ["/etc/shadow", "/opt/tool"]
    assert read_unowned(reading) == ()


def test_firewalls_of_every_tool_are_read(tmp_path):
    put(tmp_path, "/etc/nftables.conf", "#!/usr/sbin/nft -f\nflush ruleset\ntable inet filter {\n chain input {\n"
        "  type filter hook input priority 0; policy drop;\n  iif lo accept\n }\n chain output { type filter hook output priority 0; }\n}\n")  # fmt: skip
    put(
        tmp_path,
        "/etc/iptables/rules.v4",
        "*nat\n:INPUT ACCEPT [0:0]\n*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n-A INPUT -i lo -j ACCEPT\nCOMMIT\n",
    )
    put(tmp_path, "/etc/ufw/ufw.conf", "ENABLED=yes\n")
    put(tmp_path, "/etc/default/ufw", 'DEFAULT_INPUT_POLICY="DROP"\nDEFAULT_OUTPUT_POLICY="ACCEPT"\n')
    put(tmp_path, "/etc/ufw/user.rules", "### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in\n-A x\n")
    put(tmp_path, "/etc/firewalld/firewalld.conf", "DefaultZone=public\n")
    put(tmp_path, "/etc/firewalld/zones/public.xml", '<zone target="DROP"><service name="ssh"/></zone>')
    found = {f.tool: (f.input_policy, f.rules) for f in read_firewalls(reading_of(tmp_path))}
    assert found == {
        "nftables": ("drop", ("iif lo accept",)),
        "iptables": ("drop", ("-A INPUT -i lo -j ACCEPT",)),
        "ufw": ("drop", ("allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in",)),
        "firewalld": ("drop", ('service name="ssh"',)),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [("80", ("*", 80)), ("127.0.0.1:80", ("127.0.0.1", 80)), ("[::]:443", ("::", 443)), ("*:8080", ("*", 8080)),
     ("localhost", ("localhost", None)), ("::", ("::", None)), ("99999", ("*", None)), ("0.0.0.0", ("0.0.0.0", None))],
)  # fmt: skip
def test_addresses_of_listeners_are_understood(text, expected):
    assert endpoint(text) == expected


def test_ports_that_files_open_are_found(tmp_path):
    put(tmp_path, "/etc/ssh/sshd_config", "Port 2222\n")
    put(
        tmp_path,
        "/etc/nginx/sites-enabled/a",
        "server { listen 8443 ssl; }\nserver {\n listen [::]:80;\n listen unix:/x;\n}\n",
    )
    put(tmp_path, "/etc/apache2/ports.conf", "Listen 127.0.0.1:8081\n")
    put(tmp_path, "/etc/redis/redis.conf", "bind 0.0.0.0 -::1\nport 6380\n")
    put(tmp_path, "/etc/postgresql/15/main/postgresql.conf", "listen_addresses = '*'\t# all\nport = 5433\n")
    put(tmp_path, "/etc/mongod.conf", "net:\n  port: 27018\n  bindIp: 127.0.0.1\n")
    put(tmp_path, "/etc/docker/daemon.json", '{"hosts": ["tcp://0.0.0.0:2375", "unix:///x"]}')
    found = {(one.program, one.address, one.port) for one in read_listeners(reading_of(tmp_path))}
    assert found == {
        ("sshd", "*", 2222), ("nginx", "*", 8443), ("nginx", "::", 80), ("apache", "127.0.0.1", 8081),
        ("redis", "0.0.0.0", 6380), ("redis", "::1", 6380), ("postgresql", "*", 5433), ("mongodb", "127.0.0.1", 27018),
        ("dockerd", "0.0.0.0", 2375),
    }  # fmt: skip


def test_upkeep_is_read(tmp_path):
    put(tmp_path, "/usr/sbin/auditd", "x")
    put(tmp_path, "/etc/audit/auditd.conf", "max_log_file = 8\nMAX_LOG_FILE_ACTION = ROTATE\n")
    put(tmp_path, "/etc/audit/rules.d/50.rules", "# x\n-w /etc/passwd  -p wa\n")
    put(tmp_path, "/etc/chrony/chrony.conf", "pool 2.debian.pool.ntp.org iburst\nserver ntp.example.org\n")
    put(tmp_path, "/etc/systemd/journald.conf", "[Journal]\n#Storage=auto\nStorage=volatile\n")
    put(tmp_path, "/etc/systemd/journald.conf.d/x.conf", "[Journal]\nStorage=persistent\n")
    put(tmp_path, "/etc/apt/apt.conf.d/20auto", 'APT::Periodic::Unattended-Upgrade "1";\n')
    put(tmp_path, "/etc/apt/sources.list", "deb [trusted=yes] http://user:hunter2@repo.example.org/x stable main\n")
    audit = read_audit(reading_of(tmp_path))
    assert (audit.installed, audit.settings["max_log_file_action"], audit.rules) == (
        True,
        "ROTATE",
        ("-w /etc/passwd -p wa",),
    )
    assert [t.servers for t in read_time_sync(reading_of(tmp_path))] == [("2.debian.pool.ntp.org", "ntp.example.org")]
    assert read_logging(reading_of(tmp_path)).journald == {"storage": "persistent"}
    updates = read_updates(reading_of(tmp_path))
    assert (updates.automatic, updates.sources) == (True, ("http://user:***@repo.example.org/x",))
    assert updates.signatures == {"/etc/apt/sources.list:1": "trusted=yes"}


def test_engines_and_their_stores_are_read(tmp_path):
    unit(
        tmp_path,
        "docker.service",
        "[Service]\nExecStart=/usr/bin/dockerd -H tcp://0.0.0.0:2376 --icc=false --iptables\n",
    )
    put(
        tmp_path,
        "/etc/docker/daemon.json",
        '{"icc": true, "log-opts": {"max-size": "10m"}, "insecure-registries": ["a", "b"]}',
    )
    put(
        tmp_path, "/var/lib/kubelet/config.yaml", "authentication:\n  anonymous:\n    enabled: false\nreadOnlyPort: 0\n"
    )
    image = "a" * 64
    store = "/var/lib/docker/image/overlay2"
    put(
        tmp_path,
        f"{store}/imagedb/content/sha256/{image}",
        '{"architecture":"amd64","rootfs":{"diff_ids":["sha256:1"]}}',
    )
    put(tmp_path, f"{store}/repositories.json", f'{{"Repositories":{{"nginx":{{"nginx:1.25":"sha256:{image}"}}}}}}')
    put(tmp_path, "/var/lib/docker/containers/c1/config.v2.json",
        f'{{"Name":"/web","Image":"sha256:{image}","State":{{"Running":true}},"Config":{{"User":"","Env":["PASSWORD=hunter2"]}},'
        '"MountPoints":{"/h":{"Source":"/","RW":true}}}')  # fmt: skip
    put(tmp_path, "/var/lib/docker/containers/c1/hostconfig.json",
        '{"Privileged":true,"NetworkMode":"host","CapAdd":["SYS_ADMIN"],"PortBindings":{"80/tcp":[{"HostIp":"","HostPort":"8080"}]}}')  # fmt: skip
    docker, kubelet = read_engines(reading_of(tmp_path))
    assert docker.settings == {
        "icc": "false",
        "log-opts.max-size": "10m",
        "insecure-registries": "a b",
        "hosts": "tcp://0.0.0.0:2376",
        "iptables": "true",
    }
    assert kubelet.settings == {"authentication.anonymous.enabled": "false", "readOnlyPort": "0"}
    (found,) = read_container_images(reading_of(tmp_path))
    assert (found.id, found.names, found.layers) == (f"sha256:{image}", ("nginx:1.25",), ("sha256:1",))
    (container,) = read_containers(reading_of(tmp_path))
    assert (container.name, container.running, container.privileged, container.network) == ("web", True, True, "host")
    assert (container.mounts, container.ports, container.capabilities) == (
        ("/:/h:rw",),
        ("0.0.0.0:8080->80/tcp",),
        ("SYS_ADMIN",),
    )
    assert "hunter2" not in repr(container)


def test_access_control_protection_and_identity(tmp_path):
    put(tmp_path, "/etc/selinux/config", "SELINUX=Permissive\nSELINUXTYPE=targeted\n")
    put(tmp_path, "/boot/grub2/user.cfg", "GRUB2_PASSWORD=grub.pbkdf2.sha512.10000.AA\n")
    put(tmp_path, "/opt/CrowdStrike/falconctl", "x")
    put(tmp_path, "/etc/hostname", "# x\nweb-1\n")
    put(tmp_path, "/usr/bin/env", elf({".text": b"x"}))
    control = read_access_control(reading_of(tmp_path))
    assert (control.selinux, control.selinux_type) == ("permissive", "targeted")
    assert read_boot(reading_of(tmp_path)).password
    assert [p.name for p in read_protection(reading_of(tmp_path))] == ["CrowdStrike Falcon"]
    assert (read_hostname(reading_of(tmp_path)), read_architecture(reading_of(tmp_path))) == ("web-1", "x86_64")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("curl -u bob:hunter2 https://x", "curl -u bob:*** https://x"),
        ("mysqldump -phunter2 db", "mysqldump -p*** db"),
        ("x --db-password hunter2 -v", "x --db-password *** -v"),
        ("postgres://app:hunter2@db/x", "postgres://app:***@db/x"),
        ("API_KEY='a b' run", "API_KEY=*** run"),
        ("/usr/bin/passwd-check", "/usr/bin/passwd-check"),
    ],
)
def test_passwords_are_taken_out_of_commands(text, expected):
    assert without_passwords(text) == expected


def test_lists_that_are_cut_are_gaps(tmp_path):
    put(tmp_path, "/etc/audit/rules.d/all.rules", "".join(f"-w /srv/{n} -p wa\n" for n in range(1001)))
    put(tmp_path, "/etc/security/limits.conf", "".join(f"user{n} hard core 0\n" for n in range(1001)))
    put(
        tmp_path,
        "/etc/apt/sources.list",
        "".join(f"deb https://{n}.example.org/debian trixie main\n" for n in range(1001)),
    )
    reading = reading_of(tmp_path)
    assert len(read_audit(reading).rules) == 1000
    assert len(read_logging(reading).limits) == 1000
    assert len(read_updates(reading).sources) == 1000
    assert {gap.reason for gap in reading.gaps} == {
        "more than 1000 rules: the rest is not listed",
        "more than 1000 lines: the rest is not listed",
        "more than 1000 addresses: the rest is not listed",
    }


def test_an_octal_escape_that_is_none_is_text(tmp_path):
    put(tmp_path, "/etc/fstab", "/dev/sda1 /mnt\\999x\\040y ext4 defaults 0 0\n")
    (mount,) = reading_of(tmp_path).once(read_mounts)
    assert mount.point == "/mnt\\999x y"
