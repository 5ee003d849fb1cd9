"""The software on a machine or in a container image."""

from poise.model.asset import Asset, Part, asset_kind
from poise.model.host.gaps import Gap
from poise.model.host.system import OperatingSystem


class Package(Part, frozen=True, kw_only=True):
    """One installed package, whatever installed it."""

    name: str
    """Name as its ecosystem writes it: Python names normalized (PEP 503), Maven `group:artifact`."""
    version: str
    """Version without epoch and release: upstream and revision together for deb (`5.2.15-2`), as written elsewhere."""
    epoch: int | None
    """Epoch of a deb or rpm; None where none is stated, which counts as 0."""
    release: str
    """Release of an rpm: `9.el9_2`; empty elsewhere."""
    architecture: str
    """`amd64`, `x86_64`, `all`, `noarch`; empty if not stated."""
    ecosystem: str
    """`deb`, `rpm`, `apk`, `pypi`, `npm`, `maven`, `golang`, `cargo`, `gem`, `nuget`, `composer` or `windows`."""
    source: str
    """Source package (deb, rpm) or origin (apk); empty elsewhere."""
    source_version: str
    """Version of the source package with epoch and release: `1:2.36-9`, `5.16.3-299.el7_9`; empty elsewhere."""
    module: str
    """Module stream of an rpm: `nodejs:18:...`, or `modular` if only the release tells; empty if it is in none."""
    origin: str
    """Who made it: vendor of an rpm, publisher of a Windows program, maintainer of a deb; empty if not stated."""
    place: str
    """File that told of it; a jar within a jar is `outer.jar!/inner.jar`."""
    owner: str
    """`distribution` if the file belongs to a package of the distribution, which alone is then matched; empty else."""
    state: str
    """`installed`; `declared` if a lock file or manifest names it but its files are not what was read; `held`,
    `unpacked`, `half-configured` as dpkg says."""
    files_missing: bool
    """Whether none of the files it lists is on disk; False also where that was not looked at."""
    guessed: bool
    """Whether name or version come from a file name alone."""
    development: bool
    """Whether a lock file marks it for development only."""
    purl: str
    """Package URL: `pkg:deb/debian/bash@5.2.15-2?arch=amd64&distro=debian-12`."""

    @property
    def full_version(self) -> str:
        """Version with epoch and release, as its package manager compares it: `1:5.16.3-299.el7_9`."""
        front = f"{self.epoch}:" if self.epoch is not None else ""
        return f"{front}{self.version}{'-' if self.release else ''}{self.release}"


@asset_kind("Software", "host")
class Software(Asset):
    """What is installed on a machine or in a container image; its id is the machine's with `#software` behind."""

    machine: str
    """Id of the machine or image."""
    os: OperatingSystem
    """Its system, which chooses the advisories. An empty `id` means: distribution unknown, not matched."""
    kernel: str
    """Release of the kernel that boots; empty if unknown or for an image."""
    kernels: tuple[str, ...]
    """Releases of all installed kernels."""
    packages: tuple[Package, ...]
    """Packages, by ecosystem, name and place."""
    gaps: tuple[Gap, ...]
    """What could not be read; empty if the list is complete."""
