# ruff: noqa: E501
"""Users and passwords, sudo, PAM."""

import pytest

from poise.disk.facts.accounts import judge_hash, read_groups, read_users
from poise.disk.facts.pam import read_login_rules, read_pam
from poise.disk.facts.sudo import read_sudo
from tests.disk.roots import put, reading_of


@pytest.mark.parametrize(
    ("field", "state", "algorithm"),
    [
        ("", "empty", None),
        ("*", "locked", None),
        ("!", "locked", None),
        ("!!", "locked", None),
        ("!$6$salt$hash", "locked", "sha512"),
        ("$6$salt$hash", "set", "sha512"),
        ("$y$j9T$salt$hash", "set", "yescrypt"),
        ("$1$abcdefgh$hash", "set", "md5"),
        ("$2b$12$abc", "set", "bcrypt"),
        ("$7$abc$def", "set", "scrypt"),
        ("$new$abc", "set", "other"),
        ("abJnggxhB/yWI", "set", "des"),
        ("*LK*", "locked", None),
        ("x", "locked", None),
    ],
)
def test_the_state_of_a_password_is_told_without_its_hash(field, state, algorithm):
    assert judge_hash(field) == (state, algorithm)


def test_users_have_the_ages_that_shadow_states(tmp_path):
    put(
        tmp_path,
        "/etc/passwd",
        "root:x:0:0:root:/root:/bin/bash\ntoor:x:0:0::/root:/bin/sh\nold:abJnggxhB/yWI:5:5::/:/bin/sh\nbad:line\n+nis\n",
    )
    put(tmp_path, "/etc/shadow", "root:$6$s$hash:19000:0:99999:7:30:20000:\ntoor::0:::::\n")
    reading = reading_of(tmp_path)
    root, toor, old = read_users(reading)
    assert root.password is not None
    assert (root.password.changed, root.password.max_days, root.password.inactive_days, root.password.expires) == (
        "2022-01-08", 99999, 30, "2024-10-04",
    )  # fmt: skip
    assert toor.password is not None
    assert (toor.uid, toor.password.state, toor.password.must_change, toor.password.max_days) == (
        0,
        "empty",
        True,
        None,
    )
    assert old.password is not None
    assert (old.password.state, old.password.algorithm) == ("set", "des")
    assert [gap.place for gap in reading.gaps] == ["/etc/passwd:4", "/etc/passwd:5"]
    assert "hash" not in repr(root)


def test_groups_have_their_members(tmp_path):
    put(tmp_path, "/etc/group", "sudo:x:27:ann,bob\nempty:x:5:\n")
    assert [(g.name, g.gid, g.members) for g in read_groups(reading_of(tmp_path))] == [
        ("sudo", 27, ("ann", "bob")),
        ("empty", 5, ()),
    ]


SUDOERS = """# sudoers
Defaults env_reset, !requiretty
Defaults:ann logfile="/var/log/sudo.log", timestamp_timeout=0
User_Alias ADMINS = ann, %wheel : OTHERS = bob
Cmnd_Alias SHELLS = /bin/sh, \\
    /bin/bash
Runas_Alias DB = postgres, mysql
Host_Alias WEB = web1, web2
root ALL=(ALL:ALL) ALL
ADMINS WEB = (DB) NOPASSWD: /usr/bin/psql, PASSWD: SHELLS
OTHERS ALL = NOEXEC: !SHELLS, (root) /usr/bin/less /var/log/*  # tail
#1000 ALL=(ALL) NOPASSWD:ALL
bob web1 = /bin/ls : web2 = /bin/cat
what is this
@includedir /etc/sudoers.d
#include /etc/sudoers.more
"""


def test_sudo_rules_are_read_with_aliases_tags_and_includes(tmp_path):
    put(tmp_path, "/etc/sudoers", SUDOERS)
    put(tmp_path, "/etc/sudoers.d/deploy", "deploy ALL=(ALL) NOPASSWD: ALL\n")
    put(tmp_path, "/etc/sudoers.d/ignored.bak", "evil ALL=(ALL) ALL\n")
    put(tmp_path, "/etc/sudoers.more", "%ops ALL=(:adm) /bin/true\n")
    sudo = read_sudo(reading_of(tmp_path))
    assert sudo is not None
    found = [(r.users, r.hosts, r.run_as, r.tags, r.commands) for r in sudo.rules]
    shells = ("/bin/sh", "/bin/bash")
    assert found == [
        (("root",), ("ALL",), ("ALL",), (), ("ALL",)),
        (("ann", "%wheel"), ("web1", "web2"), ("postgres", "mysql"), ("NOPASSWD",), ("/usr/bin/psql",)),
        (("ann", "%wheel"), ("web1", "web2"), ("postgres", "mysql"), (), shells),
        (("bob",), ("ALL",), ("root",), ("NOEXEC",), ("!/bin/sh", "!/bin/bash", "/usr/bin/less /var/log/*")),
        (("#1000",), ("ALL",), ("ALL",), ("NOPASSWD",), ("ALL",)),
        (("bob",), ("web1",), ("root",), (), ("/bin/ls",)),
        (("bob",), ("web2",), ("root",), (), ("/bin/cat",)),
        (("deploy",), ("ALL",), ("ALL",), ("NOPASSWD",), ("ALL",)),
        (("%ops",), ("ALL",), (), (), ("/bin/true",)),
    ]
    assert sudo.rules[-1].run_as_groups == ("adm",)
    assert [(d.scope, d.name, d.value) for d in sudo.defaults] == [
        ("", "env_reset", "true"),
        ("", "requiretty", "false"),
        (":ann", "logfile", "/var/log/sudo.log"),
        (":ann", "timestamp_timeout", "0"),
    ]
    assert sudo.not_understood == ("/etc/sudoers:14",)


def test_pam_stacks_are_read_with_their_includes(tmp_path):
    put(
        tmp_path,
        "/etc/pam.d/sshd",
        "@include common-auth\naccount required pam_nologin.so\npassword include system-auth\n-session optional pam_x.so\n",
    )
    put(
        tmp_path,
        "/etc/pam.d/common-auth",
        "auth [success=1 default=ignore] pam_unix.so nullok # x\nauth requisite pam_deny.so\n",
    )
    put(
        tmp_path,
        "/etc/pam.d/system-auth",
        "auth required pam_env.so\npassword required /lib/security/pam_pwquality.so \\\n  retry=3 minlen=14\n",
    )
    found = [(r.type, r.control, r.module, r.arguments) for r in read_pam(reading_of(tmp_path)) if r.service == "sshd"]
    assert found == [
        ("auth", "[success=1 default=ignore]", "pam_unix.so", ("nullok",)),
        ("auth", "requisite", "pam_deny.so", ()),
        ("account", "required", "pam_nologin.so", ()),
        ("password", "required", "pam_pwquality.so", ("retry=3", "minlen=14")),
        ("session", "optional", "pam_x.so", ()),
    ]


def test_pam_includes_that_loop_end_as_a_gap(tmp_path):
    put(tmp_path, "/etc/pam.d/a", "@include a\n")
    reading = reading_of(tmp_path)
    assert read_pam(reading) == ()
    assert "includes inside each other" in reading.gaps[0].reason


def test_rules_for_passwords_are_read_from_their_files(tmp_path):
    put(tmp_path, "/etc/login.defs", "PASS_MAX_DAYS\t365\nUMASK 027 # x\n")
    put(tmp_path, "/etc/security/pwquality.conf", "# minlen = 8\nminlen = 8\nenforce_for_root\n")
    put(tmp_path, "/etc/security/pwquality.conf.d/50.conf", "minlen = 14\n")
    put(tmp_path, "/etc/default/useradd", 'INACTIVE=30\nSHELL="/bin/bash"\n')
    rules = read_login_rules(reading_of(tmp_path))
    assert rules.login_defs == {"PASS_MAX_DAYS": "365", "UMASK": "027"}
    assert rules.password_quality == {"minlen": "14", "enforce_for_root": "true"}
    assert (rules.new_users["INACTIVE"], rules.new_users["SHELL"], rules.securetty) == ("30", "/bin/bash", None)
