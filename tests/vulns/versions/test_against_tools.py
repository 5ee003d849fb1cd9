"""Orders of versions against the tools that define them, and as properties."""

import contextlib
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from univers.versions import ComposerVersion, NugetVersion, PypiVersion, RubygemsVersion, SemverVersion

from poise.vulns.versions.bad import BadVersion
from poise.vulns.versions.schemes import SCHEMES, compare

DEB = (
    "1.0",
    "1.0-1",
    "1.0-1+b1",
    "1.0-1~bpo12+1",
    "1:1.0-1",
    "1.0~rc1-1",
    "1.0+deb12u1",
    "3.0.11-1~deb12u1",
    "3.0.11-1",
    "3.0.11-1~deb12u2",
    "1:9.2p1-2",
    "1:9.2p1-2+deb12u3",
    "1:10.0p1-7",
    "0",
    "1a",
    "1a0",
    "1.00",
    "1-0",
    "2.36-9+deb12u4",
    "1.2.3.4.5-6.7",
    "9~~",
    "9~",
    "9",
    "9~~a",
    "1.0-0ubuntu1",
    "1.0-0ubuntu1.1",
    "1.0-0ubuntu1~22.04",
    "20230311",
    "1.0.a",
    "1.0+a",
    "1.0.",
    "1.0-a~",
    "1.0-a",
)
RPM = (
    "1.0",
    "1.0.0",
    "1.0~rc1",
    "1.0^git1",
    "1.0.1",
    "1.0^",
    "1.0~",
    "1.0~~",
    "1.0a",
    "1.0.a",
    "1.0_1",
    "01.0",
    "10",
    "a",
    "1a1",
    "1.1a",
    "2.0.1a",
    "2.0.1",
    "5.5p1",
    "5.5p10",
    "xyz10",
    "xyz.4",
    "8",
    "1.0~rc1^git1",
    "1.0^git1~pre",
    "1.0^git2",
    "1..0",
    "20101121",
    "20101122",
    "6.5p1",
    "6.0.rc1",
    "6.0",
)


def ordered(tool_answer: int) -> int:
    return (tool_answer > 0) - (tool_answer < 0)


@pytest.mark.skipif(shutil.which("dpkg") is None, reason="dpkg is not installed")
def test_debian_versions_sort_as_dpkg_says():
    pairs = [(a, b) for a in DEB for b in DEB]
    lines = [
        f"if dpkg --compare-versions '{a}' lt '{b}'; then echo -1; "
        f"elif dpkg --compare-versions '{a}' gt '{b}'; then echo 1; else echo 0; fi"
        for a, b in pairs
    ]
    answers = subprocess.run(["sh"], input="\n".join(lines), text=True, capture_output=True, check=True).stdout.split()
    assert [compare("Debian", a, b) for a, b in pairs] == [int(answer) for answer in answers]


@pytest.mark.skipif(shutil.which("rpm") is None, reason="rpm is not installed")
def test_rpm_versions_sort_as_rpm_says():
    from poise.vulns.versions.rpm import part

    pairs = [(a, b) for a in RPM for b in RPM]
    calls = ";".join(f'print(rpm.vercmp("{a}","{b}").." ")' for a, b in pairs)
    answers = subprocess.run(["rpm", "--eval", f"%{{lua: {calls}}}"], text=True, capture_output=True, check=True)
    mine = [(part(a) > part(b)) - (part(a) < part(b)) for a, b in pairs]
    assert mine == [ordered(int(answer)) for answer in answers.stdout.split()]


@pytest.mark.parametrize(
    ("ecosystem", "kind", "versions"),
    [
        (
            "PyPI",
            PypiVersion,
            [
                "1.0",
                "1.0.0",
                "1.0a1",
                "1.0.dev1",
                "1.0.post1",
                "1!0.1",
                "1.0rc1",
                "1.0+local",
                "1.0a1.dev2",
                "1.0b2.post3",
                "2",
                "v1.1",
                "1.0-1",
            ],
        ),
        (
            "npm",
            SemverVersion,
            [
                "1.0.0",
                "1.0.0-rc.1",
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-1",
                "1.0.0-alpha.beta",
                "1.0.1",
                "10.0.0",
                "2.0.0",
            ],
        ),
        (
            "RubyGems",
            RubygemsVersion,
            ["1.0", "1", "1.0.a", "1.0.0.rc1", "1.0.b1", "1.0.10", "1.0.9", "2.a", "1.0.1.pre", "1.2.3.4"],
        ),
        ("NuGet", NugetVersion, ["1.0.0", "1.0.0.0", "1.0.0.1", "1.0.0-Beta", "1.0.0-alpha", "1.0.0-beta2", "2.0"]),
        ("Packagist", ComposerVersion, ["1.0.0", "1.0.0-beta1", "1.0.0-alpha2", "v1.0.1", "1.0.0-beta2", "2.0.0"]),
    ],
)
def test_language_versions_sort_as_univers_says(ecosystem, kind, versions):
    for a in versions:
        for b in versions:
            x, y = kind(a), kind(b)
            assert compare(ecosystem, a, b) == (x > y) - (x < y), (a, b)


PIECES = st.sampled_from(
    ["0", "1", "2", "10", "01", ".", "-", "_", "~", "^", "+", ":", "a", "b", "rc", "alpha", "r", "p", "dev", "final"]
)
TEXTS = st.lists(PIECES, min_size=1, max_size=7).map("".join)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted({id(key): name for name, key in SCHEMES.items()}.values())), TEXTS, TEXTS, TEXTS)
def test_every_order_is_total(ecosystem, a, b, c):
    try:
        ab, ba, bc, ac = (compare(ecosystem, *pair) for pair in ((a, b), (b, a), (b, c), (a, c)))
    except BadVersion:
        return
    assert ab == -ba
    assert compare(ecosystem, a, a) == 0
    if ab <= 0 and bc <= 0:
        assert ac <= 0
    if ab == 0 and bc == 0:
        assert ac == 0


@given(st.sampled_from(sorted(SCHEMES)), st.text(max_size=300))
def test_no_text_raises_anything_but_a_clear_error(ecosystem, text):
    with contextlib.suppress(BadVersion):
        assert compare(ecosystem, text, text) == 0


@pytest.mark.parametrize(
    ("ecosystem", "left", "right", "answer"),
    [
        ("Maven", "2.414.2-cb-5", "2.414.2", 1),
        ("Maven", "1.0.RELEASE", "1.0", 0),
        ("Maven", "1.0.Final", "1.0", 0),
        ("Maven", "1.0-ga", "1.0", 0),
        ("Maven", "1-sp", "1", 1),
        ("Maven", "1-rc", "1-cr", 0),
        ("Maven", "1-a1", "1-alpha-1", 0),
        ("Maven", "1.0-SNAPSHOT", "1.0", -1),
        ("Maven", "1-foo10", "1-1", -1),
        ("Maven", "1-1", "1.1", -1),
        ("Maven", "1.foo", "1-foo", 0),
        ("Alpine", "1.6-r0", "1.6_rc1-r0", 1),
        ("Alpine", "1.0_git20200101-r0", "1.0-r0", 1),
        ("Alpine", "1.1.1g-r0", "1.1.1-r3", 1),
        ("Alpine", "1.2_p1-r0", "1.2-r9", 1),
        ("Alpine", "1.10-r0", "1.9-r0", 1),
        ("Packagist", "1.0.0-beta1", "1.0.0-RC1", -1),
        ("Packagist", "1.0.0-RC1", "1.0.0", -1),
        ("Packagist", "1.0.0-p1", "1.0.0", 1),
        ("Go", "go1.21rc2", "1.21.0", -1),
        ("Go", "v0.0.0-20200101000000-abcdefabcdef", "0.0.1", -1),
        ("Go", "v2.0.0+incompatible", "2.0.0", 0),
        ("npm", "1.0.0-rc.1", "1.0.0", -1),
        ("Red Hat", "1.0~rc1", "1.0", -1),
        ("Red Hat", "1.0", "1.0^git1", -1),
        ("Red Hat", "1.0^git1", "1.0.1", -1),
    ],
)
def test_orders_that_the_rules_of_a_family_state(ecosystem, left, right, answer):
    assert compare(ecosystem, left, right) == answer
