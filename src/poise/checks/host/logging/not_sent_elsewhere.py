"""Machines whose logs lie on them alone.

Whoever becomes root removes the lines that tell of it.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_own_kernel

SHIPPERS = (
    "systemd-journal-upload",
    "amazon-cloudwatch-agent",
    "awslogs",
    "google-cloud-ops-agent",
    "stackdriver-agent",
    "azuremonitoragent",
    "omsagent",
    "fluent-bit",
    "fluentd",
    "td-agent",
    "filebeat",
    "elastic-agent",
    "vector",
    "promtail",
    "alloy",
    "splunk",
    "SplunkForwarder",
    "datadog-agent",
    "nxlog",
    "wazuh-agent",
)
"""Services whose work is to send logs on."""
IMAGE = Kernel(release="", known_by="", installed=())


def _leads_away(line: str) -> bool:
    return line.split()[-1].startswith(("@", ":omrelp:")) or "omfwd" in line or "omrelp" in line


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    lines = [line for line in machine.logging.rsyslog if not line.startswith("#") and _leads_away(line)]
    remote = [name for name in ("forwardtosyslog",) if machine.logging.journald.get(name) == "yes" and lines]
    uploads = any(service.name.startswith(SHIPPERS) for service in machine.services)
    if (lines and machine.logging.rsyslog_starts is not False) or uploads:
        return healthy("logs are sent to another machine", lines or remote)
    return unhealthy("logs are sent nowhere")


CHECK = Check(
    title="Logs should be sent to another machine",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://www.rsyslog.com/doc/configuration/modules/omfwd.html",
    evaluate=evaluate,
    fix=fixing.in_file("/etc/rsyslog.d/90-remote.conf", "*.* @@logs.example.com:6514", "systemctl restart rsyslog"),
    examples=(
        Example("sent", MACHINE, "healthy"),
        Example(
            "by omfwd",
            replace(MACHINE, logging=altered(MACHINE.logging, rsyslog=('action(type="omfwd" target="logs")',))),
            "healthy",
        ),
        Example(
            "nowhere",
            replace(MACHINE, logging=altered(MACHINE.logging, rsyslog=("auth.* /var/log/auth.log",))),
            "unhealthy",
            "nowhere",
        ),
        Example(
            "off", replace(MACHINE, logging=altered(MACHINE.logging, rsyslog_starts=False)), "unhealthy", "nowhere"
        ),
        Example(
            "by an agent",
            replace(
                MACHINE,
                logging=altered(MACHINE.logging, rsyslog=()),
                services=(altered(MACHINE.services[0], name="fluent-bit.service"),),
            ),
            "healthy",
        ),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"logging": "permission denied"}), "unknown", "permission denied"),
    ),
)
