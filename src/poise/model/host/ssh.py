"""SSH on a machine: its server, who may enter by key, and which keys lie on it."""

from collections.abc import Mapping

from poise.model.asset import Part


class SshMatch(Part, frozen=True, kw_only=True):
    """A `Match` block of the server's configuration."""

    criteria: str
    """What it applies to, as written: `User deploy Address 10.0.0.0/8`."""
    settings: Mapping[str, str]
    """Values it states, first one wins, keywords in lower case."""
    place: str
    """File and line."""


class SshServer(Part, frozen=True, kw_only=True):
    """The OpenSSH server as configured."""

    settings: Mapping[str, str]
    """Values in force outside of `Match` blocks, as `sshd -T` prints them: the first value stated, else the server's
    own default. Keywords in lower case; values of keywords that add up (`port`, `listenaddress`, `allowusers` ...)
    are joined by spaces; yes/no and names of enumerations in lower case."""
    stated: tuple[str, ...]
    """Keywords that the files state themselves, sorted."""
    matches: tuple[SshMatch, ...]
    """`Match` blocks, in order."""
    places: Mapping[str, str]
    """File and line of each stated keyword."""
    version: str | None
    """Version of the package, as its package manager writes it; None if it is no package."""
    starts: bool | None
    """Whether it starts with the machine, or on demand; None if that could not be told."""


class AuthorizedKey(Part, frozen=True, kw_only=True):
    """A key that opens an account."""

    user: str
    """Account it opens."""
    type: str
    """`ssh-ed25519`, `ssh-rsa` ..."""
    fingerprint: str
    """SHA-256 of the public key as OpenSSH prints it: `SHA256:...`."""
    md5: str
    """MD5 of the same, hex: how some clouds name imported keys."""
    bits: int | None
    """Size of an RSA or DSA key; None for other types."""
    options: tuple[str, ...]
    """Limits: `from="10.0.0.0/8"`, `command="..."`, `restrict` ...; environment values are left out."""
    comment: str
    """What its owner calls it."""
    is_authority: bool
    """Whether it names a certificate authority, whose every certificate opens the account."""
    place: str
    """File and line."""


class PrivateKey(Part, frozen=True, kw_only=True):
    """A private key on disk; never the key."""

    place: str
    """File."""
    type: str
    """`ssh-ed25519`, `ssh-rsa` ...; `unknown` if it cannot be told without the passphrase."""
    encrypted: bool
    """Whether a passphrase protects it."""
    fingerprint: str | None
    """`SHA256:...` of its public half, equal to :attr:`AuthorizedKey.fingerprint` of what it opens; None if unknown."""
    md5: str | None
    """MD5 of the same, hex; None if unknown."""
    is_host_key: bool
    """Whether it is the machine's own, not a person's."""
    mode: int
    """Permission bits of the file."""
    uid: int
    """Owner of the file."""


class KnownHost(Part, frozen=True, kw_only=True):
    """A server that someone on the machine has spoken to."""

    user: str
    """Whose list; empty for the machine's own."""
    host: str
    """Name or address; empty if it is hashed."""
    type: str
    """Type of its key."""
    fingerprint: str
    """`SHA256:...` of its host key."""
