"""Which machines a rule of Linux concerns."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from poise.model.host.machine import Machine
from poise.model.verdict import Verdict, not_applicable

R = TypeVar("R", bound=Callable[..., Verdict])
"""A rule about a machine, with its parameters."""


def on_linux(rule: R) -> R:
    """Make a rule answer `not applicable` for machines that do not run Linux."""

    @wraps(rule)
    def judged(machine: Machine, **parameters: Any) -> Verdict:
        if machine.os.family != "linux":
            return not_applicable("the machine does not run Linux")
        return rule(machine, **parameters)

    return cast("R", judged)


def on_own_kernel(rule: R) -> R:
    """Make a rule answer `not applicable` for what runs on the kernel of another machine, too: a container image."""

    @wraps(rule)
    def judged(machine: Machine, **parameters: Any) -> Verdict:
        kernel = machine.kernel
        if not kernel.release and not kernel.installed:
            return not_applicable("it has no kernel of its own: a container image")
        return rule(machine, **parameters)

    return on_linux(cast("R", judged))


def build(machine: Machine) -> int | None:
    """Return the build of Windows, `20348` of `20348.2322`; None if it is not known."""
    front = machine.windows.build.partition(".")[0] if machine.windows else ""
    return int(front) if front.isdecimal() else None


def is_named(machine: Machine, text: str) -> bool:
    """Tell whether a text names the machine's distribution, as a word of its own."""
    return bool(machine.os.id) and re.search(rf"\b{re.escape(machine.os.id)}\b", text, re.IGNORECASE) is not None
