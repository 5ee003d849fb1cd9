"""Risk levels: the published sum, what marks an asset, and that worse is never less."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poise.model import Severity, replace
from poise.model.errors import UsageError
from poise.model.samples.aws import S3_BUCKET
from poise.score.risk import Context, Exploit, Graded, Reached, Width, arithmetic, grade, risk_of
from poise.score.risk_rules import CRITICAL, SENSITIVE, Degree, Marks, RiskRules, risk_rules

NOTHING = Graded(None, "nothing says so")


def context(width=None, sensitivity=NOTHING, criticality=NOTHING, exploit=None, path=None):
    exposure = None if width is None else Reached(Width(width), "because")
    return Context(exposure=exposure, sensitivity=sensitivity, criticality=criticality, exploit=exploit, path=path)


@pytest.mark.parametrize("severity", Severity)
def test_severity_alone_gives_its_own_level(severity):
    assert risk_of(severity, context(), RiskRules()).level is severity
    assert risk_of(severity, context("none"), RiskRules()).level is severity


@pytest.mark.parametrize(("path", "points"), [("low", 5), ("medium", 10), ("high", 20), ("critical", 30)])
def test_the_documented_points_of_an_attack_path_are_added(path, points):
    risk = risk_of(Severity.MEDIUM, context(path=Severity(path)), RiskRules())
    assert {factor.name: factor.points for factor in risk.factors}["attack path"] == points


def test_the_published_points_add_up():
    high = Graded(Degree.HIGH, "tagged")
    risk = risk_of(Severity.MEDIUM, context("wide", high, Graded(Degree.LOW, "named")), RiskRules())

    assert [(factor.name, factor.points) for factor in risk.factors] == [
        ("severity", 30.0),
        ("exposure", 25.0),
        ("sensitivity", 20.0),
        ("criticality", 5.0),
    ]
    assert risk.level is Severity.CRITICAL
    assert arithmetic(risk, RiskRules()) == (
        "30 + 25 + 20 + 5 = 80 points; medium from 25, high from 50, critical from 75."
    )
    assert "next scan" in arithmetic(risk, risk_rules({"levels": {"critical": 90}}))


def test_a_weakness_that_is_used_counts_only_where_it_is_known():
    names = [factor.name for factor in risk_of(Severity.LOW, context(), RiskRules()).factors]
    known = risk_of(Severity.HIGH, context(exploit=Exploit.KNOWN), RiskRules())

    assert "exploitability" not in names
    assert known.level is Severity.CRITICAL


def test_what_was_not_read_lowers_nothing_and_says_unknown():
    rules = RiskRules()
    for severity in Severity:
        unread = risk_of(severity, context("unknown"), rules)
        for width in ("none", "narrow", "wide"):
            assert unread.level.rank >= risk_of(severity, context(width), rules).level.rank


def tagged(**tags):
    return replace(S3_BUCKET, tags={name.replace("_", "-"): value for name, value in tags.items()})


@pytest.mark.parametrize(
    ("asset", "marks", "degree", "because"),
    [
        (tagged(data_class="Restricted"), SENSITIVE, Degree.HIGH, "its tag data-class is 'Restricted'"),
        (tagged(Data_Classification="highly confidential"), SENSITIVE, Degree.HIGH, "stands for high"),
        (tagged(data_class="public"), SENSITIVE, None, "no tag"),
        (replace(S3_BUCKET, name="shop-PII-export"), SENSITIVE, Degree.HIGH, "matches 'pii'"),
        (replace(S3_BUCKET, name="philip-memphis"), SENSITIVE, None, "no tag"),
        (tagged(environment="prod"), CRITICAL, Degree.LOW, "its tag environment"),
        (tagged(environment="prod", tier="0"), CRITICAL, Degree.HIGH, "its tag tier"),
        (S3_BUCKET, Marks(assets={S3_BUCKET.id: Degree.MEDIUM}), Degree.MEDIUM, "listed as medium"),
        (replace(S3_BUCKET, name="a-backup"), Marks(names={"*-backup": Degree.LOW}), Degree.LOW, "'*-backup'"),
    ],
)
def test_tags_names_and_lists_mark_an_asset(asset, marks, degree, because):
    found = grade(asset, marks)

    assert found.degree is degree
    assert because in found.because


def test_unread_tags_are_unknown_and_never_take_away_what_the_name_says():
    unread = replace(S3_BUCKET, name="pii", unread={"tags": "AccessDenied"})
    by_name = Marks(names={"pii": Degree.LOW})

    assert grade(unread, by_name).because == (
        "unknown: tags were not read (AccessDenied); its name 'pii' matches 'pii', which stands for low"
    )
    assert grade(unread, Marks(names={"pii": Degree.HIGH})).is_sure
    rules = risk_rules({"points": {"sensitivity": {"unknown": 10}}})
    for marks in (Marks(), by_name):
        risk = risk_of(Severity.LOW, context(sensitivity=grade(unread, marks)), rules)
        assert [f.points for f in risk.factors if f.name == "sensitivity"] == [10.0]


points = st.integers(0, 60)


def rising(*names):
    return st.lists(points, min_size=len(names), max_size=len(names)).map(
        lambda values: dict(zip(names, sorted(values), strict=True))
    )


degrees = st.builds(
    lambda rise, unread: rise | {"unknown": min(unread, rise["high"])}, rising("low", "medium", "high"), points
)
tables = st.fixed_dictionaries(
    {
        "levels": rising("medium", "high", "critical"),
        "points": st.fixed_dictionaries(
            {
                "severity": rising("low", "medium", "high", "critical"),
                "exposure": rising("none", "narrow", "wide").map(lambda rise: rise | {"unknown": rise["wide"]}),
                "exploit": rising("likely", "known"),
                "sensitivity": degrees,
                "criticality": degrees,
                "attack_path": rising("low", "medium", "high", "critical"),
            }
        ),
    }
)
WIDTHS = [None, "none", "narrow", "wide"]
EXPLOITS = [None, Exploit.LIKELY, Exploit.KNOWN]
DEGREES = [None, *Degree]
PATHS = [None, Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL]
steps = st.tuples(
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(0, 2),
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(0, 4),
    st.booleans(),
)


def level(step, rules):
    severity, width, exploit, sensitive, critical, path, is_sure = step
    found = context(
        WIDTHS[width],
        Graded(DEGREES[sensitive], "", is_sure),
        Graded(DEGREES[critical], "", is_sure),
        EXPLOITS[exploit],
        PATHS[path],
    )
    order = (Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL)
    return risk_of(order[severity], found, rules).level.rank


@given(tables, steps, steps)
def test_adding_to_any_factor_never_lowers_the_level_whatever_is_set(table, one, other):
    rules = risk_rules(table)
    worse = (*map(max, one[:-1], other[:-1]), one[-1])

    assert level(worse, rules) >= level(one, rules)


@given(tables, st.dictionaries(st.sampled_from(["pii", "payroll", "x"]), st.sampled_from(list(Degree))), st.booleans())
def test_another_mark_never_lowers_the_level(table, names, unread):
    rules = risk_rules(table)
    gaps = {"tags": "denied"} if unread else {}
    asset = replace(S3_BUCKET, name="payroll-pii", unread=gaps)
    graded = [grade(asset, Marks(names=some)) for some in ({}, names, names | {"pii": Degree.HIGH})]
    ranks = [risk_of(Severity.LOW, context(sensitivity=one), rules).level.rank for one in graded]

    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"levels": {"high": 10}}, "risk.levels falls: 25, 10, 75"),
        ({"levels": {"hgih": 10}}, "unknown field `hgih` - at `risk.levels`"),
        ({"levels": {"high": "much"}}, "`risk.levels.high`"),
        ({"points": {"severity": {"low": 90}}}, "risk.points.severity falls"),
        ({"points": {"exposure": {"unknown": 0, "none": 5}}}, "risk.points.exposure.unknown falls"),
        ({"points": {"exposure": {"unknown": 26}}}, "risk.points.exposure.unknown falls"),
        ({"points": {"sensitivity": {"unknown": 21}}}, "risk.points.sensitivity.unknown falls"),
        ({"points": {"criticality": {"low": -1}}}, "`risk.points.criticality.low`"),
        ({"sensitivity": {"values": {"secret": "very"}}}, "Invalid enum value 'very'"),
        ({"criticality": {"tags": "env"}}, "`risk.criticality.tags`"),
    ],
)
def test_rules_that_are_no_rules_are_refused_with_the_place(table, said):
    with pytest.raises(UsageError) as refused:
        risk_rules(table, "poise.toml")
    assert said in str(refused.value)
    assert str(refused.value).startswith("poise.toml: ")


def test_what_is_set_replaces_only_its_own_keys():
    rules = risk_rules({"points": {"exposure": {"narrow": 12}}, "sensitivity": {"tags": ["art"]}})

    assert rules.points.exposure == msgspec.structs.replace(RiskRules().points.exposure, narrow=12)
    assert rules.sensitivity == msgspec.structs.replace(SENSITIVE, tags=("art",))
