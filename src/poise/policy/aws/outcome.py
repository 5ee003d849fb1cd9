"""From a three-valued truth to an answer."""

from __future__ import annotations

from poise.policy.outcome import UNSAID, all_answers, answer_of, any_answers, truth_of

__all__ = ["UNSAID", "all_answers", "answer_of", "any_answers", "truth_of"]
