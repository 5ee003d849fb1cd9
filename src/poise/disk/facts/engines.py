"""Docker's, containerd's and the kubelet's configuration, and the images and containers in Docker's store.

Sources: dockerd's page (`daemon.json` and flags), the kubelet's configuration reference, containerd's `config.toml`,
and the layout of `/var/lib/docker` (`image/<driver>/imagedb`, `repositories.json`, `containers/<id>`).
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from poise.disk.facts.packages.documents import json_document, table, toml_document, word
from poise.disk.facts.reading import Reading
from poise.disk.facts.redact import without_passwords
from poise.disk.facts.services import read_services
from poise.disk.tree import Unreadable
from poise.model.errors import BadInput
from poise.model.host.engines import Container, ContainerImage, EngineSettings

DOCKER_JSON = "/etc/docker/daemon.json"
CONTAINERD_TOML = "/etc/containerd/config.toml"
KUBELET_FILES = ("/var/lib/kubelet/config.yaml", "/etc/kubernetes/kubelet/kubelet-config.json",
                 "/etc/kubernetes/kubelet/config.json", "/etc/kubernetes/kubelet-config.yaml",
                 "/home/kubernetes/kubelet-config.yaml")  # fmt: skip
COMMANDS = {"docker": ("/dockerd", "/docker"), "kubelet": ("/kubelet",), "containerd": ("/containerd",)}
DOCKER = "/var/lib/docker"
UNREAD_STORES = {
    "/var/lib/containerd/io.containerd.content.v1.content/blobs/sha256": "containerd",
    "/var/lib/containers/storage/overlay-images": "Podman",
    "/var/lib/snapd/snaps": "snapd",
}
"""Stores that no reader opens, by folder: what they hold is a gap."""
MOST_SETTINGS = 2000
MOST_TEXT = 500


def read_engines(reading: Reading) -> tuple[EngineSettings, ...]:
    """Return the configuration of each engine that has one, options of its command line on top of its file."""
    found = []
    for program, places in (("docker", (DOCKER_JSON,)), ("containerd", (CONTAINERD_TOML,)), ("kubelet", KUBELET_FILES)):
        settings: dict[str, str] = {}
        used = [path for path in places if reading.is_file(path)]
        for path in used:
            settings |= dict(_flat(_document(reading, path)))
        options, command_place = _options(reading, program)
        if used or command_place:
            files = (*used, command_place) if command_place else tuple(used)
            every = list((settings | options).items())
            merged = dict(reading.first(files[0], "settings", every, MOST_SETTINGS))
            found.append(EngineSettings(program=program, settings=merged, places=files))
    return tuple(found)


def read_container_images(reading: Reading) -> tuple[ContainerImage, ...]:
    """Return the images in Docker's store. Raises :class:`Unreadable`."""
    found = []
    for folder, engine in UNREAD_STORES.items():
        if reading.folder(folder):
            reading.miss(folder, f"what {engine} stores is not read: neither its images nor their software")
    for driver in reading.folder(f"{DOCKER}/image"):
        names = _names(reading, f"{DOCKER}/image/{driver}/repositories.json")
        folder = f"{DOCKER}/image/{driver}/imagedb/content/sha256"
        for digest in reading.folder(folder):
            document = _json(reading, f"{folder}/{digest}")
            found.append(_image(f"sha256:{digest}", document, tuple(sorted(names.get(f"sha256:{digest}", ())))))
    return tuple(found)


def read_containers(reading: Reading) -> tuple[Container, ...]:
    """Return the containers in Docker's store. Raises :class:`Unreadable`."""
    found = []
    for identity in reading.folder(f"{DOCKER}/containers"):
        folder = f"{DOCKER}/containers/{identity}"
        config, host = _json(reading, f"{folder}/config.v2.json"), _json(reading, f"{folder}/hostconfig.json")
        if config:
            found.append(_container(identity, config, host))
    return tuple(found)


def _json(reading: Reading, path: str) -> Any:
    """Return a JSON document, or an empty one if it cannot be read, which is noted."""
    try:
        return json_document(reading, path) if reading.is_file(path) else {}
    except (Unreadable, BadInput) as problem:
        reading.miss(path, str(problem))
        return {}


def _names(reading: Reading, path: str) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for references in table(_json(reading, path), "Repositories").values():
        for name, digest in references.items() if isinstance(references, dict) else ():
            found.setdefault(str(digest), []).append(str(name))
    return found


def _image(identity: str, document: Any, names: tuple[str, ...]) -> ContainerImage:
    layers = table(document, "rootfs").get("diff_ids")
    return ContainerImage(
        id=identity,
        names=names,
        created=word(document, "created") or None,
        architecture=word(document, "architecture"),
        layers=tuple(str(layer) for layer in layers) if isinstance(layers, list) else (),
        engine="docker",
    )


def _container(identity: str, config: Any, host: Any) -> Container:
    mounts = [f"{word(m, 'Source')}:{target}:{'rw' if m.get('RW') is True else 'ro'}"
              for target, m in table(config, "MountPoints").items() if isinstance(m, dict)]  # fmt: skip
    return Container(
        id=identity,
        name=word(config, "Name").lstrip("/"),
        image=word(config, "Image"),
        running=table(config, "State").get("Running") is True,
        privileged=isinstance(host, dict) and host.get("Privileged") is True,
        user=word(table(config, "Config"), "User"),
        network=word(host, "NetworkMode"),
        pid=word(host, "PidMode"),
        capabilities=_texts(host, "CapAdd"),
        security=_texts(host, "SecurityOpt"),
        mounts=tuple(mounts),
        ports=tuple(_ports(host)),
        engine="docker",
    )


def _texts(value: Any, name: str) -> tuple[str, ...]:
    found = value.get(name) if isinstance(value, dict) else None
    return tuple(str(item) for item in found) if isinstance(found, list) else ()


def _ports(host: Any) -> Iterator[str]:
    for inner, bindings in table(host, "PortBindings").items():
        for binding in bindings if isinstance(bindings, list) else ():
            yield f"{word(binding, 'HostIp') or '0.0.0.0'}:{word(binding, 'HostPort')}->{inner}"  # noqa: S104


def _document(reading: Reading, path: str) -> Any:
    if path.endswith(".json"):
        return json_document(reading, path)
    if path.endswith(".toml"):
        return toml_document(reading, path)
    try:
        return yaml.load(reading.text(path) or "", Loader=_NoAliases)  # noqa: S506
    except (yaml.YAMLError, RecursionError, ValueError) as problem:
        raise BadInput(f"{path} is no YAML: {problem}") from problem


class _NoAliases(yaml.SafeLoader):
    """Reads plain YAML without aliases, which a small file can use to grow without end."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)


def _flat(value: Any, front: str = "", deepest: int = 12) -> Iterator[tuple[str, str]]:
    """Yield dotted names with values as text; lists of plain values are joined by blanks."""
    if isinstance(value, dict) and deepest:
        for name, inner in value.items():
            yield from _flat(inner, f"{front}.{name}" if front else str(name), deepest - 1)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value) and deepest:
        for at, inner in enumerate(value):
            yield from _flat(inner, f"{front}.{at}", deepest - 1)
    elif front:
        text = " ".join(_text(item) for item in value) if isinstance(value, list) else _text(value)
        yield front, without_passwords(text)[:MOST_TEXT]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _options(reading: Reading, program: str) -> tuple[dict[str, str], str]:
    """Return the options of an engine's command line and the unit that states it."""
    for service in reading.once(read_services):
        if not service.name.endswith(".service") or service.name.removesuffix(".service") != program:
            continue
        try:
            words = shlex.split(service.command)
        except ValueError:
            words = service.command.split()
        return _parsed(words[1:]), service.place
    return {}, ""


def _parsed(words: list[str]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for at, text in enumerate(words):
        match = re.fullmatch(r"--?([A-Za-z][\w-]*)(?:=(.*))?", text)
        if match is None:
            continue
        behind = words[at + 1] if at + 1 < len(words) and not words[at + 1].startswith("-") else "true"
        name = {"H": "hosts", "host": "hosts"}.get(match[1], match[1])
        found.setdefault(name, []).append(without_passwords(match[2] if match[2] is not None else behind))
    return {name: " ".join(values) for name, values in found.items()}
