"""The known vulnerabilities of the software on a machine, as advisories name them."""

from poise.model.asset import Asset, Part, asset_kind


class Cvss(Part, frozen=True, kw_only=True):
    """A score of the Common Vulnerability Scoring System."""

    vector: str
    """Vector, with its version in front; empty if only a number is published."""
    score: float
    """0 to 10."""


class Source(Part, frozen=True, kw_only=True):
    """What one advisory says of a package."""

    advisory: str
    """Its id: `GHSA-...`, `DSA-...`."""
    feed: str
    """The feed that it came with."""
    status: str
    """`affected`, `fixed`, `not_affected`, `wont_fix`, `under_investigation` or `withdrawn`; `rating` for one about
    another package, whose rating is used since those about this one rate nothing."""
    note: str
    """More about the status: `no-dsa`, `postponed`, `end-of-life`, `unimportant`; empty if nothing."""


class KnownVulnerability(Part, frozen=True, kw_only=True):
    """One vulnerability of one package: what all advisories that are aliases of each other say together."""

    id: str
    """The CVE id where there is one, else the id of the first advisory."""
    aliases: tuple[str, ...]
    """Other ids of the same vulnerability, sorted."""
    package: str
    """Installed package."""
    version: str
    """Its version, as its package manager compares it."""
    ecosystem: str
    """Of the advisories: `PyPI`, `Debian:12`."""
    purl: str
    """Package URL of the package."""
    status: str
    """`affected`, `wont_fix`, `under_investigation` or `withdrawn`; fixed and not affected ones are left out."""
    booted: bool
    """False for a kernel that is installed and does not boot; True for everything else."""
    fixed_in: str | None
    """Least version that cures it; None if none is known."""
    severity: str
    """`critical`, `high`, `medium`, `low`, or `unknown` if nobody rated it."""
    cvss: Cvss | None
    """The worst score that is published; None if there is none."""
    epss: float | None
    """Probability of exploitation within 30 days; None if not scored."""
    kev: bool
    """Whether it is in the catalogue of known exploited vulnerabilities."""
    published: str | None
    """Day of its publication, ISO 8601; None if not stated."""
    sources: tuple[Source, ...]
    """Who says so, sorted."""
    places: tuple[str, ...]
    """Files that told of the package, sorted."""


class Unmatched(Part, frozen=True, kw_only=True):
    """Packages that could not be compared with any advisory."""

    ecosystem: str
    """Their kind: `deb`, `pypi`."""
    packages: int
    """How many."""
    reason: str
    """Why: distribution unknown, no feed."""


@asset_kind("Vulnerabilities", "host")
class Vulnerabilities(Asset):
    """The vulnerabilities of a machine or image; its id is the machine's with `#vulnerabilities` behind."""

    machine: str
    """Id of the machine or image."""
    found: tuple[KnownVulnerability, ...]
    """Worst first: known exploited, then by probability of exploitation, then by score."""
    matched: int
    """Packages that were compared with advisories."""
    unmatched: tuple[Unmatched, ...]
    """Packages that were not."""
    owned: int
    """Packages of languages that belong to a package of the distribution, which alone was compared."""
    index_date: str | None
    """When the oldest of the feeds that its packages were compared with was fetched, ISO 8601; None if none was."""
    kev_date: str | None
    """When the catalogue of known exploited vulnerabilities was fetched, ISO 8601; None if it was not."""
    epss_date: str | None
    """When the probabilities of exploitation were fetched, ISO 8601; None if they were not."""
    end_of_life: str | None
    """Day on which the free security support of the system ends, ISO 8601; None if not known."""
