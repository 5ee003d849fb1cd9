"""The secure score's controls: published maxima, real checks, each in one control."""

import pytest

from poise.checks import catalog
from poise.standards.library import control_of, score_controls

PUBLISHED = {
    "Enable MFA": 10,
    "Secure management ports": 8,
    "Apply system updates": 6,
    "Remediate vulnerabilities": 6,
    "Remediate security configurations": 4,
    "Manage access and permissions": 4,
    "Enable encryption at rest": 4,
    "Encrypt data in transit": 4,
    "Restrict unauthorized network access": 4,
    "Apply adaptive application control": 3,
    "Protect applications against DDoS attacks": 2,
    "Enable endpoint protection": 2,
    "Enable auditing and logging": 1,
    "Enable enhanced security features": 0,
    "Implement security best practices": 0,
}


def test_controls_have_their_published_maxima():
    assert {control.name: control.max for control in score_controls()} == PUBLISHED
    assert sum(PUBLISHED.values()) == 58


@pytest.mark.parametrize("check", control_of())
def test_scored_check_exists(check):
    assert check in catalog.load()


@pytest.mark.parametrize("check", catalog.load())
def test_every_check_is_in_a_control(check):
    assert check in control_of()
