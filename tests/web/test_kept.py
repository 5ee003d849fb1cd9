"""A value that is kept for a moment."""

from poise.web.kept import Kept


def test_a_value_is_computed_again_only_after_its_time():
    now, computed = [0.0], []
    kept = Kept(lambda: computed.append(now[0]) or len(computed), 5, clock=lambda: now[0])
    assert [kept.get(), kept.get()] == [1, 1]
    now[0] = 4.9
    assert kept.get() == 1
    now[0] = 5.0
    assert kept.get() == 2
    assert computed == [0.0, 5.0]


def test_a_failure_is_not_kept():
    answers = iter([ValueError("busy"), 7])

    def compute():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    kept = Kept(compute, 5)
    try:
        kept.get()
    except ValueError:
        assert kept.get() == 7
