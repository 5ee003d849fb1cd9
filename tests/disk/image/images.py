# ruff: noqa: E501
"""Makes small container images: layers, an OCI layout, a `docker save` tarball."""

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path


def layer(files: dict[str, str | bytes | None], links: dict[str, str] | None = None) -> bytes:
    """Return a tar of files; None makes a folder."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.type = tarfile.DIRTYPE if content is None else tarfile.REGTYPE
            data = b"" if content is None else content.encode() if isinstance(content, str) else content
            member.size, member.mode = len(data), 0o755 if content is None else 0o644
            archive.addfile(member, io.BytesIO(data))
        for name, target in (links or {}).items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, target
            archive.addfile(member)
    return out.getvalue()


def digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def config_of(layers: list[bytes]) -> bytes:
    document = {"architecture": "amd64", "created": "2026-01-01T00:00:00Z", "rootfs": {"diff_ids": [digest(one) for one in layers]},
                "config": {"Env": ["PATH=/bin", "DB_PASSWORD=correct-horse-7"], "User": "app"},
                "history": [{"created_by": "RUN echo hello"}]}  # fmt: skip
    return json.dumps(document).encode()


def blobs_of(layers: list[bytes]) -> tuple[str, dict[str, bytes]]:
    """Return the digest of the manifest of an image and its blobs."""
    packed = [gzip.compress(one, mtime=0) for one in layers]
    config = config_of(layers)
    manifest = json.dumps({"schemaVersion": 2, "config": {"digest": digest(config)},
                           "layers": [{"digest": digest(one)} for one in packed]}).encode()  # fmt: skip
    return digest(manifest), {digest(data): data for data in (config, manifest, *packed)}


def write_layout(folder: Path, layers: list[bytes]) -> str:
    """Write an OCI layout and return the digest of its manifest."""
    manifest, blobs = blobs_of(layers)
    (folder / "blobs/sha256").mkdir(parents=True)
    for name, data in blobs.items():
        (folder / "blobs" / name.replace(":", "/")).write_bytes(data)
    entry = {"digest": manifest, "annotations": {"io.containerd.image.name": "app:1"}}
    (folder / "index.json").write_text(json.dumps({"manifests": [entry]}))
    return manifest


def write_saved(path: Path, layers: list[bytes]) -> None:
    """Write a tarball as `docker save` does."""
    config = config_of(layers)
    files: dict[str, str | bytes | None] = {f"{number}/layer.tar": one for number, one in enumerate(layers)}
    files["config.json"] = config
    files["manifest.json"] = json.dumps([{"Config": "config.json", "RepoTags": ["app:1"], "Layers": list(files)[:-1]}])
    path.write_bytes(layer(files))
