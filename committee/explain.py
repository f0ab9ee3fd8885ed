"""What the count means for each applicant, in one sentence with its numbers, and what is left of the pot.

The numbers come from the trace of the outcome: whoever has the public record can say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from committee.allocation import LEAST, PHRAGMEN, RANKED, SHARING, Outcome
from committee.certificate import exact_cents
from committee.election import Application, Election
from committee.equal_shares import UNIT_CENTS
from committee.framework import LOT
from committee.scoring import shown
from grants.errors import Sentence

GRANTED, PARTLY, REFUSED, STOPPED = "granted", "partly", "refused", "stopped"

NOBODY = Sentence("Het plan krijgt geen geld. Niemand steunde het plan.")
UNRANKED = Sentence("Het plan krijgt geen geld. Niemand gaf het plan een score.")

_SHARED = {
    GRANTED: Sentence(
        "Het plan krijgt {cents:euro}. Dat is alles wat gevraagd is. "
        "Aantal mensen dat het plan steunde: {supporters} van {voters}. "
        "Ieder van hen betaalde hoogstens {each:euro} uit een gelijk deel van {share:euro}."
    ),
    PARTLY: Sentence(
        "Het plan krijgt {cents:euro} van de {ask:euro} die gevraagd is. "
        "Aantal mensen dat het plan steunde: {supporters} van {voters}. "
        "Ieder van hen betaalde hoogstens {each:euro} uit een gelijk deel van {share:euro}. "
        "Daarna hadden zij niets meer over."
    ),
    REFUSED: Sentence(
        "Het plan krijgt geen geld. Aantal mensen dat het plan steunde: {supporters} van {voters}. "
        "Zij hadden samen nog {held:euro} over. Het plan had ten minste {least:euro} nodig. "
        "Er kwam {short:euro} te kort."
    ),
}
_RANKED = {
    GRANTED: Sentence(
        "Het plan krijgt {cents:euro}. Dat is alles wat gevraagd is. "
        "Ten minste de helft gaf het plan een {grade} of hoger. Het plan staat op plaats {rank}. "
        "Er was toen nog {left:euro} over."
    ),
    PARTLY: Sentence(
        "Het plan krijgt {cents:euro} van de {ask:euro} die gevraagd is. "
        "Ten minste de helft gaf het plan een {grade} of hoger. Het plan staat op plaats {rank}. "
        "Meer geld was er toen niet over."
    ),
    REFUSED: Sentence(
        "Het plan krijgt geen geld. Ten minste de helft gaf het plan een {grade} of hoger. "
        "Het plan staat op plaats {rank}. Er was toen nog {left:euro} over. "
        "Het plan had ten minste {least:euro} nodig."
    ),
    STOPPED: Sentence(
        "Het plan krijgt geen geld. Ten minste de helft gaf het plan een {grade} of hoger. "
        "Het plan staat op plaats {rank}. De lijst stopte eerder: bij de eerste aanvraag die niet paste."
    ),
}
_GREEDY = {
    GRANTED: Sentence(
        "Het plan krijgt {cents:euro}. Dat is alles wat gevraagd is. "
        "Aantal mensen dat het plan steunde: {supporters} van {voters}. Het plan staat op plaats {rank}. "
        "Er was toen nog {left:euro} over."
    ),
    REFUSED: Sentence(
        "Het plan krijgt geen geld. Aantal mensen dat het plan steunde: {supporters} van {voters}. "
        "Het plan staat op plaats {rank}. Er was toen nog {left:euro} over. Gevraagd is {ask:euro}."
    ),
}
_SAVED = {
    GRANTED: Sentence(
        "Het plan krijgt {cents:euro}. Dat is alles wat gevraagd is. "
        "Aantal mensen dat het plan steunde: {supporters} van {voters}. "
        "Ieder spaart even snel. Zo was dit plan als nummer {rank} aan de beurt."
    ),
    REFUSED: Sentence(
        "Het plan krijgt geen geld. Aantal mensen dat het plan steunde: {supporters} van {voters}. "
        "Ieder spaart even snel. Zo was dit plan als nummer {rank} aan de beurt. "
        "Er was toen nog {left:euro} over. Gevraagd is {ask:euro}. Daar stopte de verdeling."
    ),
    STOPPED: Sentence(
        "Het plan krijgt geen geld. Aantal mensen dat het plan steunde: {supporters} van {voters}. "
        "De verdeling stopte eerder: bij de eerste aanvraag die niet paste."
    ),
}
_TEXTS = {**dict.fromkeys(SHARING, _SHARED), RANKED: _RANKED, PHRAGMEN: _SAVED}
BY_LOT = "{said} Bij een gelijke stand besliste het lot."


def explain(election: Election, outcome: Outcome) -> dict[str, Sentence]:
    """For each application, by id: what it gets and the numbers that made it so.

    What the gate stopped is told with the number that failed. A tie in which the lot decided is said, to
    whom it helped and to whom it did not.
    """
    lots = {id_ for tie in outcome.ties_used if tie["by"] == LOT for id_ in tie["ids"]}
    said = dict(_told(election, outcome))
    sentences: dict[str, Sentence] = {}
    for application in election.applications:
        if application.gate and not application.gate.passed:
            sentences[application.id] = application.gate.said
        elif application.id in said:
            kind, numbers = said[application.id]
            sentences[application.id] = _sentence(outcome.rule, application.id in lots, kind, numbers)
        else:
            sentences[application.id] = UNRANKED if outcome.rule == RANKED else NOBODY
    return sentences


def leftover(election: Election, outcome: Outcome) -> Sentence:
    """What is left of the pot, and why."""
    numbers: dict[str, Any] = {"left": outcome.left_cents}
    if not outcome.left_cents:
        return Sentence("Het hele bedrag is verdeeld. Er blijft niets over.")
    if outcome.rule not in SHARING:
        if any(kind == STOPPED for _, (kind, _) in _told(election, outcome)):
            return Sentence(
                "Er blijft {left:euro} over. De lijst stopte bij de eerste aanvraag die niet paste.", numbers
            )
        return Sentence("Er blijft {left:euro} over. Geen aanvraag die nog wachtte, paste daarin.", numbers)
    share = outcome.trace[0]
    if not share["raises"]:
        return Sentence(
            "Er blijft {left:euro} over. De mensen die dat geld hebben, "
            "hebben samen niet genoeg voor nog een aanvraag die zij steunen.",
            numbers,
        )
    cents = exact_cents(share["cents"])
    numbers |= {"share": int(cents), "first": int(cents - share["raises"] * UNIT_CENTS)}
    return Sentence(
        "Ieder had eerst een gelijk deel van {first:euro}. Er bleef geld over. Daarom is ieders deel "
        "verhoogd tot {share:euro}. Sommige mensen beslissen zo over meer dan hun eerste deel. "
        "Nu blijft er {left:euro} over. Een nog hoger deel past niet in de pot, of levert niets meer op.",
        numbers,
    )


def _sentence(rule: str, by_lot: bool, kind: str, numbers: dict[str, Any]) -> Sentence:
    said = Sentence(_TEXTS.get(rule, _GREEDY)[kind].text, numbers)
    return Sentence(BY_LOT, {"said": said}) if by_lot else said


Told = Iterator[tuple[str, tuple[str, dict[str, Any]]]]


def _told(election: Election, outcome: Outcome) -> Told:
    if outcome.rule in SHARING:
        return _shares(election, outcome)
    return _savings(election, outcome) if outcome.rule == PHRAGMEN else _turns(election, outcome)


def _savings(election: Election, outcome: Outcome) -> Told:
    """Phragmén: whose turn it was, where it ended, and who still waited then."""
    waiting = {
        application.id: _supporters(election, place)
        for place, application in enumerate(election.applications)
        if election.votes[place] and application.stands
    }
    for id_, (kind, numbers) in _turns(election, outcome):
        del waiting[id_]
        fitted = kind == REFUSED and numbers["ask"] <= numbers["left"]
        yield id_, (STOPPED if fitted else kind, numbers)
    for id_, numbers in waiting.items():
        yield id_, (STOPPED, numbers)


def _shares(election: Election, outcome: Outcome) -> Told:
    """Equal Shares: how many supported it, what each paid at most, or how much they were short together."""
    places = {id_: place for place, id_ in enumerate(election.ids)}
    share = int(exact_cents(outcome.trace[0]["cents"]))
    paid: dict[str, Fraction] = {}
    held: dict[str, int] = {}
    for step in outcome.trace[1:]:
        if step["step"] == "short":
            held[step["id"]] = step["held_cents"]
        else:
            paid[step["id"]] = paid.get(step["id"], Fraction(0)) + exact_cents(step["each"])
    for id_ in (*paid, *held):
        application = election.applications[places[id_]]
        numbers = _supporters(election, places[id_])
        if id_ in paid:
            money = {"each": -int(-paid[id_] // 1), "share": share}
            yield id_, _granted(application, outcome.grants, numbers | money)
        else:
            least = application.least_cents if outcome.rule == LEAST else application.ask_cents
            short = {"held": held[id_], "least": least, "short": least - held[id_]}
            yield id_, (REFUSED, numbers | short)


def _turns(election: Election, outcome: Outcome) -> Told:
    """Lists: the place on it, and what was left when its turn came."""
    places = {id_: place for place, id_ in enumerate(election.ids)}
    for step in outcome.trace:
        application = election.applications[places[step["id"]]]
        numbers = _supporters(election, places[step["id"]])
        numbers |= {"rank": step["rank"], "left": step["left_cents"]}
        if "grade" in step:
            numbers["grade"] = shown(Fraction(step["grade"]))
        if step["cents"]:
            yield application.id, _granted(application, outcome.grants, numbers)
        else:
            could = "grade" in step and application.least_cents <= step["left_cents"]
            numbers |= {"least": application.least_cents, "ask": application.ask_cents}
            yield application.id, (STOPPED if could else REFUSED, numbers)


def _supporters(election: Election, place: int) -> dict[str, Any]:
    return {"supporters": election.votes[place], "voters": election.voters}


def _granted(
    application: Application, grants: Mapping[str, int], numbers: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    cents = grants[application.id]
    kind = GRANTED if cents == application.ask_cents else PARTLY
    return kind, numbers | {"cents": cents, "ask": application.ask_cents}
