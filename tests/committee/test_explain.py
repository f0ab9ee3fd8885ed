import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.allocation import (
    ADD1,
    EQUAL_SHARES,
    GREEDY,
    GREEDY_PER_EURO,
    LEAST,
    PHRAGMEN,
    RANKED,
    RULES,
    Rule,
    count,
)
from committee.election import Election
from committee.explain import explain, leftover
from committee.framework import Gate
from committee.scoring import judge
from grants.errors import Sentence
from tests.committee.elections import elections, vote

# Two of three pay for a in full, the third alone pays part of b; c is short, d has nobody.
VOTE = vote(
    900_00,
    {"a": (500_00, 300_00), "b": (400_00, 200_00), "c": (900_00, 800_00), "d": 100_00},
    [["a", "c"], ["a"], ["b", "c"]],
)


def told(election: Election, rule: Rule | str, id_: str) -> str:
    return plain(explain(election, count(election, rule))[id_])


def plain(sentence: Sentence) -> str:
    """The sentence with its values filled in; money in euros."""

    def fill(mark: re.Match[str]) -> str:
        value: Any = sentence.values[mark[1]]
        if isinstance(value, Sentence):
            return plain(value)
        return f"€ {value / 100:.2f}" if mark[2] == "euro" else str(value)

    return re.sub(r"\{(\w+):?(\w*)\}", fill, sentence.text)


def test_granted_tells_supporters_and_what_each_paid_at_most() -> None:
    assert told(VOTE, LEAST, "a") == (
        "Het plan krijgt € 500.00. Dat is alles wat gevraagd is. Aantal mensen dat het plan steunde: 2 van 3. "
        "Ieder van hen betaalde hoogstens € 250.00 uit een gelijk deel van € 300.00."
    )


def test_what_each_paid_at_most_is_rounded_up() -> None:
    election = vote(3_00, {"a": 1_00}, [["a"]] * 3)
    assert explain(election, count(election, LEAST))["a"].values["each"] == 34


def test_partly_tells_that_the_supporters_are_through_their_money() -> None:
    assert told(VOTE, LEAST, "b") == (
        "Het plan krijgt € 300.00 van de € 400.00 die gevraagd is. Aantal mensen dat het plan steunde: 1 van 3. "
        "Ieder van hen betaalde hoogstens € 300.00 uit een gelijk deel van € 300.00. "
        "Daarna hadden zij niets meer over."
    )


def test_refused_tells_how_much_was_short() -> None:
    assert told(VOTE, LEAST, "c") == (
        "Het plan krijgt geen geld. Aantal mensen dat het plan steunde: 2 van 3. Zij hadden samen nog € 50.00 over. "
        "Het plan had ten minste € 800.00 nodig. Er kwam € 750.00 te kort."
    )
    assert "ten minste € 900.00 nodig" in told(VOTE, EQUAL_SHARES, "c")


def test_nobody_supports() -> None:
    for rule in (LEAST, EQUAL_SHARES, GREEDY):
        assert told(VOTE, rule, "d") == "Het plan krijgt geen geld. Niemand steunde het plan."


def test_the_gate_is_told_with_the_number_that_failed() -> None:
    failed = judge(Gate(Fraction(1), Fraction(3), 0), [Fraction(5, 2)] * 3, 3)
    applications = tuple(replace(a, gate=failed if a.id == "a" else None) for a in VOTE.applications)
    assert told(replace(VOTE, applications=applications), LEAST, "a") == (
        "De middelste score van deze aanvraag is 2,5. Ten minste 3 was nodig. "
        "3 van de 3 leden hebben de aanvraag beoordeeld."
    )


def test_the_lot_is_said_to_who_won_and_to_who_lost() -> None:
    tied = vote(100_00, {"X": 60_00, "Y": 60_00, "Z": 40_00}, [["X"], ["Y"], ["Z"]])
    sentences = {id_: plain(said) for id_, said in explain(tied, count(tied, GREEDY)).items()}
    by_lot = "Bij een gelijke stand besliste het lot."
    assert [by_lot in sentences[id_] for id_ in "XYZ"] == [True, True, False]


def test_phragmen_tells_whose_turn_it_was_and_where_it_ended() -> None:
    election = vote(100_00, {"a": 60_00, "b": 50_00, "c": 10_00, "d": 5_00}, [["a", "b"], ["a"], ["c"]])
    assert told(election, PHRAGMEN, "c") == (
        "Het plan krijgt € 10.00. Dat is alles wat gevraagd is. Aantal mensen dat het plan steunde: 1 van 3. "
        "Ieder spaart even snel. Zo was dit plan als nummer 1 aan de beurt."
    )
    assert told(election, PHRAGMEN, "b") == (
        "Het plan krijgt geen geld. Aantal mensen dat het plan steunde: 1 van 3. Ieder spaart even snel. "
        "Zo was dit plan als nummer 3 aan de beurt. Er was toen nog € 30.00 over. Gevraagd is € 50.00. "
        "Daar stopte de verdeling."
    )
    assert told(election, PHRAGMEN, "d") == "Het plan krijgt geen geld. Niemand steunde het plan."
    assert plain(leftover(election, count(election, PHRAGMEN))).endswith(
        "Geen aanvraag die nog wachtte, paste daarin."
    )


def test_phragmen_stops_for_whoever_still_waits() -> None:
    election = vote(100_00, {"a": 90_00, "b": 95_00, "c": 96_00}, [["a"], ["b"], ["c"]])
    assert told(election, PHRAGMEN, "c") == (
        "Het plan krijgt geen geld. Aantal mensen dat het plan steunde: 1 van 3. "
        "De verdeling stopte eerder: bij de eerste aanvraag die niet paste."
    )
    assert "De lijst stopte" in plain(leftover(election, count(election, PHRAGMEN)))


def test_greedy_tells_the_place_and_what_was_left() -> None:
    election = vote(100_00, {"a": 60_00, "b": 50_00}, [["a", "b"], ["a"]])
    assert told(election, GREEDY, "a") == (
        "Het plan krijgt € 60.00. Dat is alles wat gevraagd is. Aantal mensen dat het plan steunde: 2 van 2. "
        "Het plan staat op plaats 1. Er was toen nog € 100.00 over."
    )
    assert told(election, GREEDY_PER_EURO, "b") == (
        "Het plan krijgt geen geld. Aantal mensen dat het plan steunde: 1 van 2. "
        "Het plan staat op plaats 2. Er was toen nog € 40.00 over. Gevraagd is € 50.00."
    )


def test_ranked_tells_grade_place_and_what_was_left() -> None:
    asks = {"a": 50_00, "b": (40_00, 10_00), "c": 30_00, "d": 5_00}
    scores = {"a": [4, 5, 2], "b": [3], "c": [2], "d": []}
    election = vote(65_00, asks, [], scores=scores)
    assert told(election, RANKED, "a") == (
        "Het plan krijgt € 50.00. Dat is alles wat gevraagd is. Ten minste de helft gaf het plan een 4 of hoger. "
        "Het plan staat op plaats 1. Er was toen nog € 65.00 over."
    )
    assert told(election, RANKED, "b") == (
        "Het plan krijgt € 15.00 van de € 40.00 die gevraagd is. Ten minste de helft gaf het plan een 3 of hoger. "
        "Het plan staat op plaats 2. Meer geld was er toen niet over."
    )
    assert told(election, RANKED, "c") == (
        "Het plan krijgt geen geld. Ten minste de helft gaf het plan een 2 of hoger. Het plan staat op plaats 3. "
        "Er was toen nog € 0.00 over. Het plan had ten minste € 30.00 nodig."
    )
    assert told(election, RANKED, "d") == "Het plan krijgt geen geld. Niemand gaf het plan een score."


def test_ranked_tells_where_the_list_stopped() -> None:
    asks = {"a": 50_00, "b": 40_00, "c": 10_00}
    election = vote(65_00, asks, [], scores={"a": [3], "b": [2], "c": [1]})
    stop = Rule(RANKED, stop=True)
    assert "De lijst stopte eerder" in told(election, stop, "c")
    assert "De lijst stopte bij" in leftover(election, count(election, stop)).text
    assert told(election, RANKED, "c").startswith("Het plan krijgt € 10.00")


def test_leftover_tells_what_stays_and_why() -> None:
    def said(rule: str) -> str:
        return plain(leftover(VOTE, count(VOTE, rule)))

    assert said(LEAST).startswith("Er blijft € 100.00 over. De mensen die dat geld hebben")
    assert said(GREEDY) == "Het hele bedrag is verdeeld. Er blijft niets over."


def test_leftover_of_a_list_fits_nothing_that_waited() -> None:
    election = vote(100_00, {"a": 60_00, "b": 50_00}, [["a", "b"], ["a"]])
    assert plain(leftover(election, count(election, GREEDY))) == (
        "Er blijft € 40.00 over. Geen aanvraag die nog wachtte, paste daarin."
    )


def test_leftover_says_openly_that_shares_were_raised() -> None:
    election = vote(100_00, {"X": 60_00, "Y": 60_00}, [["X"], ["Y"]])
    assert plain(leftover(election, count(election, ADD1))).startswith(
        "Ieder had eerst een gelijk deel van € 50.00. Er bleef geld over. "
        "Daarom is ieders deel verhoogd tot € 59.00."
    )


@given(elections(), st.sampled_from(RULES), st.booleans())
def test_everybody_gets_one_sentence_with_all_its_values(election, name, spend_on) -> None:
    outcome = count(election, Rule(name, spend_on=spend_on))
    sentences = explain(election, outcome)
    assert set(sentences) == set(election.ids)
    for said in [*sentences.values(), leftover(election, outcome)]:
        assert "{" not in plain(said)
    for id_, said in sentences.items():
        values = said.values.get("said", said).values
        assert values.get("cents", 0) == outcome.grants.get(id_, 0)
        assert values.get("short", 1) > 0


@pytest.mark.parametrize("rule", [LEAST, EQUAL_SHARES])
def test_what_was_short_would_have_been_enough(rule) -> None:
    """The amount that is told as short, given to a supporter as well, buys the application."""
    values = explain(VOTE, count(VOTE, rule))["c"].values
    assert values["held"] + values["short"] == values["least"]
