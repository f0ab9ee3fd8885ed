"""By which channel a letter goes: never by mail without consent for its kind of message, and never not at all."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.letter import (
    HELPER,
    LETTERS,
    MAIL,
    MESSAGES,
    NO_ADDRESS,
    NOT_AGREED,
    POST,
    WANTS_PAPER,
    Agreed,
    Letter,
    Way,
    message_of,
    ways,
)

OWN, HELPERS = "ik@voorbeeld.example", "hulp@voorbeeld.example"
RECEIPT = Letter("receipt", "k", OWN, person_id=1)
NOBODYS = Letter("receipt", "k", None, person_id=1)

agreements = st.lists(
    st.sampled_from(
        [
            Agreed(message, channel, HELPERS if channel == HELPER else None)
            for message, channel in product(MESSAGES, (MAIL, POST, HELPER))
        ]
    ),
    unique=True,
)


@pytest.mark.parametrize(
    ("letter", "agreed", "expected"),
    [
        (RECEIPT, [Agreed("application", MAIL)], [Way(MAIL, OWN)]),
        (RECEIPT, [Agreed("decision", MAIL)], [Way(POST, why=NOT_AGREED)]),
        (RECEIPT, [], [Way(POST, why=NOT_AGREED)]),
        (NOBODYS, [], [Way(POST, why=NO_ADDRESS)]),
        (NOBODYS, [Agreed("application", MAIL)], [Way(POST, why=NO_ADDRESS)]),
        (NOBODYS, [Agreed("application", HELPER, HELPERS)], [Way(HELPER, HELPERS)]),
        (RECEIPT, [Agreed("application", POST)], [Way(POST, why=WANTS_PAPER)]),
        (
            RECEIPT,
            [Agreed("application", POST), Agreed("application", HELPER, HELPERS), Agreed("application", MAIL)],
            [Way(MAIL, OWN), Way(HELPER, HELPERS), Way(POST, why=WANTS_PAPER)],
        ),
        (Letter("notice_answer", "k", OWN, person_id=1), [Agreed("decision", MAIL)], [Way(MAIL, OWN)]),
        (Letter("notice_longer", "k", OWN, person_id=1), [Agreed("decision", POST)], [Way(POST, why=WANTS_PAPER)]),
        (Letter("sign_in", "k", OWN), [], [Way(MAIL, OWN)]),
        (Letter("deviation", "k", OWN, person_id=1), [], [Way(MAIL, OWN)]),
    ],
)  # fmt: skip
def test_way_by_address_and_consent(letter: Letter, agreed: list[Agreed], expected: list[Way]) -> None:
    assert list(ways(letter, agreed)) == expected


@given(st.sampled_from(sorted(LETTERS)), st.sampled_from([OWN, None]), agreements)
def test_every_letter_goes_some_way_and_only_as_agreed(
    kind: str, email: str | None, agreed: list[Agreed]
) -> None:
    found = ways(Letter(kind, "k", email, person_id=1), agreed)
    assert found
    assert len({way.channel for way in found}) == len(found)
    for way in found:
        assert (way.email is None) == (way.channel == POST) == bool(way.why.text)
        if way.channel == HELPER or (way.channel == MAIL and message_of(kind)):
            assert (message_of(kind), way.channel) in {(one.message, one.channel) for one in agreed}
