"""CycloneDX 1.6 (ECMA-424): the software of machines as an SBOM, with their vulnerabilities as VEX.

A machine is a component with its packages inside; a vulnerability names the package of the machine that it affects,
and its analysis is what the advisories and the exemptions say.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator

from cyclonedx.model import Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.bom_ref import BomRef
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.tool import ToolRepository
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from poise.export.cyclonedx_vex import vulnerabilities
from poise.export.machines import MachineReport
from poise.export.report import Report
from poise.model.host.software import Package, Software

NAME = "cyclonedx"
SPACE = uuid.UUID("7f2c1f0e-5b0c-5f0e-9d0a-3d6f2b1c8e4a")
"""Name space of serial numbers."""


def render(report: Report) -> Iterator[str]:
    """Yield one document for all machines."""
    machines = tuple(report.machines)
    bom = Bom(
        serial_number=uuid.uuid5(SPACE, report.made_at.isoformat()),
        metadata=BomMetaData(
            timestamp=report.made_at,
            tools=ToolRepository(
                components=[Component(name="Poise", version=report.version, type=ComponentType.APPLICATION)]
            ),
            component=Component(name="estate", type=ComponentType.PLATFORM, bom_ref=BomRef("estate")),
        ),
        components=[_machine(machine.software) for machine in machines],
        vulnerabilities=[one for machine in machines for one in vulnerabilities(machine, _refs(machine))],
    )
    assert bom.metadata.component is not None
    bom.register_dependency(bom.metadata.component, bom.components)
    yield make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1)
    yield "\n"


def _machine(software: Software) -> Component:
    packages = () if "packages" in software.unread else software.packages
    return Component(
        name=software.name,
        type=ComponentType.DEVICE,
        bom_ref=BomRef(software.id),
        properties=[Property(name=f"poise:{name}", value=value) for name, value in _facts(software)],
        components=[_component(software, package) for package in packages],
    )


def _facts(software: Software) -> Iterator[tuple[str, str]]:
    yield "scope", software.scope
    if "os" not in software.unread:
        yield "system", software.os.name or "unknown"
    for name, reason in software.unread.items():
        yield f"unread:{name}", reason
    if "gaps" not in software.unread:
        for gap in software.gaps:
            yield f"gap:{gap.place}", gap.reason


def _component(software: Software, package: Package) -> Component:
    return Component(
        name=package.name,
        version=package.full_version,
        type=ComponentType.LIBRARY,
        bom_ref=BomRef(ref(software, package)),
        purl=_purl(package),
        properties=[Property(name=f"poise:{name}", value=value) for name, value in _marks(package)],
    )


def _marks(package: Package) -> Iterator[tuple[str, str]]:
    yield "place", package.place
    yield "state", package.state
    if package.source:
        yield "source", f"{package.source} {package.source_version}".strip()
    if package.owner:
        yield "owner", package.owner


def _purl(package: Package) -> PackageURL | None:
    try:
        return PackageURL.from_string(package.purl)
    except ValueError:
        return None


def ref(software: Software, package: Package) -> str:
    """Return the reference of a package of a machine: stable, and another one for each place."""
    words = (software.id, package.ecosystem, package.name, package.full_version, package.architecture, package.place)
    return f"pkg-{hashlib.sha256(chr(0).join(words).encode()).hexdigest()[:24]}"


def _refs(machine: MachineReport) -> dict[tuple[str, str, str], str]:
    """Return name, version and place of each package -> its reference."""
    software = machine.software
    packages = () if "packages" in software.unread else software.packages
    return {(p.name, p.full_version, p.place): ref(software, p) for p in packages}
