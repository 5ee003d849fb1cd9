"""A replay bed over TLS: recorded Azure answers behind a real server, ended by its own process id."""

from __future__ import annotations

import datetime
import ipaddress
import json
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SHARED = Path(__file__).resolve().parents[2] / "shared"
SERVER = SHARED / "beds" / "replay_server.py"
RECORDINGS = (SHARED / "data/azure/c7n-cassettes", SHARED / "data/azure/cli-recordings")
START_S = 60


@dataclass(frozen=True)
class Bed:
    """A running server."""

    url: str
    ca_file: Path

    def stats(self) -> dict[str, dict[str, int]]:
        """What was asked so far: counts by `METHOD path` under asked, unknown, throttled, denied, writes."""
        return {name: dict(counts) for name, counts in self._call("GET", "/__stats").items()}

    def reset(self) -> None:
        """Forget what was asked, so that the next run meets the same trouble again."""
        self._call("POST", "/__reset")

    def _call(self, method: str, path: str) -> Any:
        trust = ssl.create_default_context(cafile=str(self.ca_file))
        request = urllib.request.Request(self.url + path, method=method)
        with urllib.request.urlopen(request, context=trust) as answer:
            return json.load(answer)


@contextmanager
def serving(folder: Path, *switches: str) -> Iterator[Bed]:
    """Run a server with the given switches; `folder` is its own."""
    folder.mkdir(parents=True, exist_ok=True)
    certificate, key = write_certificate(folder)
    data = [word for place in RECORDINGS for word in ("--data", str(place))]
    command = [sys.executable, str(SERVER), "--kind", "azure", *data, "--dir", str(folder)]
    log = (folder / "log").open("w")
    process = subprocess.Popen(
        [*command, "--cert", str(certificate), "--key", str(key), *switches], stdout=log, stderr=log
    )
    try:
        end = time.monotonic() + START_S
        while not (folder / "replay.url").exists():
            assert process.poll() is None, (folder / "log").read_text()[-2000:]
            assert time.monotonic() < end, "the replay bed did not start"
            time.sleep(0.05)
        yield Bed((folder / "replay.url").read_text().strip(), certificate)
    finally:
        process.terminate()
        process.wait(10)
        log.close()


def write_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for this machine and its key; return both files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    own_addresses = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(own_addresses, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "cert.pem", folder / "key.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return files
