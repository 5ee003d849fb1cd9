"""Container engines and the kubelet on a machine."""

from collections.abc import Mapping

from poise.model.asset import Part


class EngineSettings(Part, frozen=True, kw_only=True):
    """A configuration file of Docker, containerd or the kubelet, laid flat."""

    program: str
    """`docker`, `containerd` or `kubelet`."""
    settings: Mapping[str, str]
    """Dotted name -> value: `authentication.anonymous.enabled` -> `false`; items of a list are joined by spaces.
    Options of the command line stand under their names without `--`."""
    places: tuple[str, ...]
    """Files that were read."""


class ContainerImage(Part, frozen=True, kw_only=True):
    """An image in the store of an engine."""

    id: str
    """Digest of its configuration: `sha256:...`."""
    names: tuple[str, ...]
    """Names with tags or digests."""
    created: str | None
    """When it was built, ISO 8601; None if not stated."""
    architecture: str
    """`amd64`, `arm64` ...; empty if not stated."""
    layers: tuple[str, ...]
    """Digests of its layers, unpacked."""
    engine: str
    """`docker` or `containerd`."""


class Container(Part, frozen=True, kw_only=True):
    """A container of an engine, as it is kept on disk."""

    id: str
    """Id."""
    name: str
    """Name."""
    image: str
    """Digest of its image."""
    running: bool
    """Whether it ran when the disk was read."""
    privileged: bool
    """Whether it has every capability and device."""
    user: str
    """As whom it runs; empty for root."""
    network: str
    """`host`, `bridge`, `none` ..."""
    pid: str
    """`host` if it sees the machine's processes."""
    capabilities: tuple[str, ...]
    """Capabilities added."""
    security: tuple[str, ...]
    """Security options: `no-new-privileges`, `seccomp=unconfined` ..."""
    mounts: tuple[str, ...]
    """Folders of the machine inside it: `source:target:rw`."""
    ports: tuple[str, ...]
    """Ports of the machine that lead to it: `0.0.0.0:8080->80/tcp`."""
    engine: str
    """`docker`."""
