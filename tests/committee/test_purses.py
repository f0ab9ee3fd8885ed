import pytest

from committee.crowd import crowd
from committee.purses import NEVER, Purses, Watch

CROWD = crowd(((0,), (0, 1), (1,)), (1, 1, 2), 2)  # four voters: one for 0, one for both, two for 1


def purses() -> Purses:
    """Each of the four has 10, and one more for every raise."""
    return Purses(CROWD, 4, (10, 1), 1)


def lines(held: Purses, place: int) -> list[tuple[float, float, int]]:
    return [(value / held.den, slope / held.den, n) for value, slope, n, _ in held.hands(place)[0]]


def test_hands_are_all_alike_at_the_start() -> None:
    assert lines(purses(), 1) == [(10, 1, 3)]
    assert purses().hands(1)[1] == 3


def test_pay_parts_those_who_paid_from_those_who_did_not() -> None:
    held = purses()
    held.pay(0, held.hands(0)[0], (15, 0), 2)
    assert held.den == 2
    assert lines(held, 0) == [(2.5, 1, 2)]
    assert lines(held, 1) == [(2.5, 1, 1), (10, 1, 2)]


def test_pay_takes_all_from_who_has_less() -> None:
    held = purses()
    held.pay(0, held.hands(0)[0], (8, 0), 1)
    held.pay(1, held.hands(1)[0], (5, 0), 1)
    assert lines(held, 1) == [(5, 1, 2)]
    assert held.hands(1)[1] == 2
    assert lines(held, 0) == [(2, 1, 1)]
    assert held.watch.due == 3  # three raises on, the poor one pays the 5 and is poor no more


def test_copy_raises_every_share_and_leaves_the_first_alone() -> None:
    held = purses()
    held.pay(0, held.hands(0)[0], (4, 0), 1)
    higher = held.copy(raises=5)
    assert lines(higher, 1) == [(11, 1, 1), (15, 1, 2)]
    higher.pay(1, higher.hands(1)[0], (1, 0), 1)
    assert lines(held, 1) == [(6, 1, 1), (10, 1, 2)]


@pytest.mark.parametrize(
    ("value", "slope", "due"),
    [
        (7, -2, 4),
        (8, -2, 4),
        (-7, 2, 4),
        (0, 1, 1),
        (0, -1, 1),
        (7, 2, NEVER),
        (-7, -2, NEVER),
        (0, 0, NEVER),
    ],
)
def test_watch_waits_until_a_difference_is_gone(value, slope, due) -> None:
    watch = Watch()
    watch.sign(value, slope)
    assert watch.due == due


def test_watch_keeps_the_first_of_what_it_waits_for() -> None:
    watch = Watch()
    for value in (9, 3, 5):
        watch.falls(value, 1)
    assert watch.due == 3
