"""The gate: organisations by name, persons and informal groups never, no text that tells on someone."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.decision import Kind as Outcome
from grants.errors import Sentence
from grants.initiative import Kind
from grants.publication import award, may_be_published, tells_on_someone, totals


def published(kind: Kind, name: str, **changed: Any) -> dict[str, Any]:
    given_ = {
        "number": "2026-001",
        "title": "Samen koken",
        "asked_cents": 500_000,
        "granted_cents": 400_000,
        "explanation": Sentence("Zeven leden steunden dit plan."),
        "reasons": {"Meedoen": "Veel mensen kunnen meedoen."},
        "decided_on": date(2026, 12, 8),
        "outcome": Outcome.PARTLY,
    }
    return award(kind=kind, name=name, **{**given_, **changed}).as_json()


def test_organisation_stands_by_its_name() -> None:
    assert published(Kind.ORGANISATION, "Stichting De Werkplaats")["name"]["values"] == {
        "name": "Stichting De Werkplaats"
    }


@pytest.mark.parametrize("kind", [Kind.PERSON, Kind.GROUP])
@given(name=st.text(st.characters(categories=["L", "Zs"]), min_size=3, max_size=60))
def test_person_and_group_are_never_named(kind: Kind, name: str) -> None:
    secret = f"Xq{name}qX"
    found = published(kind, secret, title=f"De tuin van {secret}", reasons={"Meedoen": f"{secret} kan dit."})
    assert secret.casefold() not in str(found).casefold()


def test_why_the_advice_was_not_followed_passes_the_same_gate() -> None:
    assert (
        published(Kind.PERSON, "Joke de Wit", deviation="Er is al zo'n plek.")["deviation"]
        == "Er is al zo'n plek."
    )
    assert published(Kind.PERSON, "Joke de Wit", deviation="Joke heeft al een plek.")["deviation"] == ""


def test_person_keeps_a_title_that_does_not_name_them() -> None:
    assert published(Kind.PERSON, "Joke de Wit")["title"] == "Samen koken"
    assert published(Kind.PERSON, "Joke de Wit", title="Joke kookt")["title"] == ""


@pytest.mark.parametrize(
    "text",
    [
        "Mail naar jan.jansen@voorbeeld.nl", "Bel 06-12345678", "Bel 030 123 45 67", "Bel +31 6 12345678",
        "NL91 ABNA 0417 1643 00", "Mijn BSN is 123456782",
    ],
)  # fmt: skip
def test_tells_on_someone(text: str) -> None:
    assert tells_on_someone(text)
    assert not may_be_published(text, "Stichting", Kind.ORGANISATION)


@pytest.mark.parametrize(
    "text", ["In 2027 doen 25 mensen mee.", "Het kost € 1.250,50.", "Zaal 12, om 19.30 uur"]
)
def test_tells_on_nobody(text: str) -> None:
    assert not tells_on_someone(text)


def test_refusal_is_not_published() -> None:
    with pytest.raises(ValueError, match="awards"):
        published(Kind.ORGANISATION, "Stichting", outcome=Outcome.REFUSED_CEILING, granted_cents=0)


def test_totals_counts_every_outcome() -> None:
    assert totals([Outcome.GRANTED, Outcome.GRANTED, Outcome.NOT_HANDLED]) == {
        "granted": 2, "partly": 0, "refused_ceiling": 0, "refused_other": 0, "not_handled": 1,
    }  # fmt: skip
