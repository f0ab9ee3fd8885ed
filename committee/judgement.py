"""What a member says of an application: for each criterion a word, or can't judge, with a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from committee.framework import Criterion
from grants.errors import Invalid, Problem, Sentence

MAX_SENTENCE = 1000
MAX_OBJECTION = 2000


class Judged(NamedTuple):
    """One criterion: the place on the scale from 1 up, or None for `can't judge`; `open` until it is chosen.

    An open one may hold a sentence already, and has no value.
    """

    value: int | None
    sentence: str
    open: bool = False


def check_review(
    criteria: Sequence[Criterion], judged: Mapping[str, Judged], objection: str = "", *, whole: bool
) -> None:
    """Refuse scores off the scale, texts that are too long, and when the review must be `whole` what is open.

    Who can't judge a criterion need not explain it. Every problem at once, by criterion.
    """
    known = {criterion.key: criterion for criterion in criteria}
    problems: list[Problem] = []
    for key, found in judged.items():
        if key not in known:
            problems.append(Problem(key, Sentence("Dit punt staat niet in het toetsingskader.")))
        elif found.value is not None and not 1 <= found.value <= len(known[key].scale):
            problems.append(Problem(key, Sentence("Kies een van de woorden bij dit punt.")))
        elif len(found.sentence) > MAX_SENTENCE:
            problems.append(
                Problem(
                    f"{key}.sentence",
                    Sentence("Maak deze zin korter dan {max} tekens.", {"max": MAX_SENTENCE}),
                )
            )
    if whole:
        problems += [
            problem for criterion in criteria for problem in _missing(criterion, judged.get(criterion.key))
        ]
    if len(objection) > MAX_OBJECTION:
        said = Sentence("Maak uw bezwaar korter dan {max} tekens.", {"max": MAX_OBJECTION})
        problems.append(Problem("objection", said))
    if problems:
        raise Invalid(problems)


def _missing(criterion: Criterion, found: Judged | None) -> list[Problem]:
    label = {"label": criterion.label}
    if found is None or found.open:
        return [
            Problem(
                criterion.key,
                Sentence("Kies een woord bij “{label}”, of kies “kan ik niet beoordelen”.", label),
            )
        ]
    if found.value is not None and not found.sentence.strip():
        return [
            Problem(f"{criterion.key}.sentence", Sentence("Schrijf bij “{label}” in één zin waarom.", label))
        ]
    return []
