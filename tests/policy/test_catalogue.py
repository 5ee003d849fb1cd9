"""Reading catalogues of escalations, and asking them."""

import pytest

from poise.model.errors import BadInput
from poise.policy.answer import Answer, Decision, Unread
from poise.policy.catalogue import Escalation, Result, escalations, read_catalogue
from poise.policy.residual import condition

ROW = Escalation(
    id="x",
    title="X",
    result=Result.SELF,
    technique="T1098",
    permissions=("a", "b"),
    positive=("a", "b"),
    negative=("a",),
)
ALLOW, DENY = Answer(Decision.ALLOW), Answer(Decision.DENY)
MAYBE = Answer(Decision.CONDITIONAL, residual=condition("c", "c"))
UNKNOWN = Answer(Decision.UNKNOWN, unread=(Unread("policies", "denied"),))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"a": ALLOW, "b": ALLOW}, Decision.ALLOW),
        ({"a": ALLOW, "b": MAYBE}, Decision.CONDITIONAL),
        ({"a": MAYBE, "b": UNKNOWN}, Decision.UNKNOWN),
        ({"a": UNKNOWN, "b": DENY}, None),
        ({"a": DENY, "b": UNKNOWN}, None),
    ],
)
def test_a_row_takes_all_of_its_permissions(answers, expected):
    found = [one.answer.decision for one in escalations(answers.__getitem__, [ROW])]
    assert found == ([] if expected is None else [expected])


def test_each_permission_is_asked_once():
    asked = []

    def may(permission):
        asked.append(permission)
        return ALLOW

    assert len(list(escalations(may, [ROW, ROW]))) == 2
    assert asked == ["a", "b"]


def test_a_malformed_row_names_its_file(tmp_path, monkeypatch):
    package = tmp_path / "broken_rows_of_a_test"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "rows.toml").write_text('[[escalation]]\nid = "x"\n')
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(BadInput, match=r"rows\.toml"):
        read_catalogue(package.name)
