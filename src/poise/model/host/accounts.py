"""Who may sign in to a machine and become someone else on it."""

from collections.abc import Mapping

from poise.model.asset import Part


class Password(Part, frozen=True, kw_only=True):
    """What `shadow` says of a password; never its hash."""

    state: str
    """`set`, `locked` (`!` or `*` in front, no password fits), `none` (not in shadow) or `empty` (none is asked)."""
    algorithm: str | None
    """Of the hash: `md5`, `des`, `bcrypt`, `sha256`, `sha512`, `yescrypt`, `gost-yescrypt`, `scrypt`, `argon2`,
    `other`; None without a hash. A locked account may still have one behind its `!`."""
    changed: str | None
    """Day of its last change, ISO 8601; None if not stated."""
    must_change: bool
    """Whether the next sign-in has to change it: the day of change is 0."""
    min_days: int | None
    """Days before it may be changed again; None if not stated."""
    max_days: int | None
    """Days until it must be changed; None if not stated."""
    warn_days: int | None
    """Days of warning ahead of that; None if not stated."""
    inactive_days: int | None
    """Days after which an outdated password locks the account; None if not stated."""
    expires: str | None
    """Day the account ends, ISO 8601; None if never."""


class User(Part, frozen=True, kw_only=True):
    """A line of `/etc/passwd`."""

    name: str
    """Sign-in name."""
    uid: int
    """Number; 0 is root whatever the name."""
    gid: int
    """Number of the first group."""
    home: str
    """Home folder."""
    shell: str
    """Program that a sign-in starts; empty means `/bin/sh`."""
    password: Password | None
    """Its password; None where shadow could not be read."""


class Group(Part, frozen=True, kw_only=True):
    """A line of `/etc/group`."""

    name: str
    """Name."""
    gid: int
    """Number."""
    members: tuple[str, ...]
    """Users whose first group is another one."""


class SudoRule(Part, frozen=True, kw_only=True):
    """One command list of one rule of sudoers, aliases replaced by what they stand for."""

    users: tuple[str, ...]
    """Who: names, `%group`, `#uid`, `ALL`, `!name`."""
    hosts: tuple[str, ...]
    """On which hosts."""
    run_as: tuple[str, ...]
    """As whom; `root` where the rule says nothing."""
    run_as_groups: tuple[str, ...]
    """As which groups."""
    tags: tuple[str, ...]
    """`NOPASSWD`, `SETENV`, `NOEXEC` ..., as in force for these commands."""
    commands: tuple[str, ...]
    """What: paths with arguments, `ALL`, `!path`."""
    place: str
    """File and line."""


class SudoDefault(Part, frozen=True, kw_only=True):
    """One option of a `Defaults` line."""

    scope: str
    """Whom it binds: empty for everyone, else `@host`, `:user`, `!command` or `>run_as`, as written."""
    name: str
    """Option."""
    value: str
    """Its value; `true` or `false` for a switch."""
    place: str
    """File and line."""


class Sudoers(Part, frozen=True, kw_only=True):
    """`/etc/sudoers` with everything that it includes."""

    rules: tuple[SudoRule, ...]
    """Rules, in order: the last that fits decides."""
    defaults: tuple[SudoDefault, ...]
    """Options, in order."""
    not_understood: tuple[str, ...]
    """File and line of what could not be parsed."""


class PamRule(Part, frozen=True, kw_only=True):
    """A line of a PAM stack, includes replaced by their lines."""

    service: str
    """Stack: `sshd`, `common-password`, `system-auth` ..."""
    type: str
    """`auth`, `account`, `password` or `session`."""
    control: str
    """`required`, `requisite`, `sufficient`, `optional` or a list in brackets."""
    module: str
    """Module, without folder: `pam_unix.so`."""
    arguments: tuple[str, ...]
    """Arguments."""
    place: str
    """File and line."""


class LoginRules(Part, frozen=True, kw_only=True):
    """Rules for accounts and passwords from files of their own."""

    login_defs: Mapping[str, str]
    """`/etc/login.defs`, by name."""
    password_quality: Mapping[str, str]
    """`/etc/security/pwquality.conf` with its folder, by name; a switch is `true`."""
    lockout: Mapping[str, str]
    """`/etc/security/faillock.conf`, by name; a switch is `true`."""
    new_users: Mapping[str, str]
    """`/etc/default/useradd`, by name."""
    securetty: tuple[str, ...] | None
    """Terminals where root may sign in; None if there is no such list."""
