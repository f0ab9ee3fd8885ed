from hypothesis import given
from hypothesis import strategies as st

from committee import crowd
from committee.crowd import ArrayCrowd, Crowd, ListedCrowd
from tests.committee.elections import elections


@given(elections(members=20), st.lists(st.integers(0, 6), max_size=5))
def test_lists_and_arrays_hold_the_same(election, payers) -> None:
    size = len(election.applications)
    both: list[Crowd] = [made(election.ballots, election.counts, size) for made in (ListedCrowd, ArrayCrowd)]
    assert both[0].total == both[1].total == election.votes
    purses = [one.start() for one in both]
    for turn, place in enumerate(place % size for place in payers):
        held = [one.held(of, place) for one, of in zip(both, purses, strict=True)]
        assert held[0] == held[1]
        to = {0: 0} | {purse: 10 * turn + purse % 2 + 1 for purse in held[0] if purse}
        for one, of in zip(both, purses, strict=True):
            one.move(of, place, to)
        assert list(purses[0]) == list(purses[1])


def test_crowd_takes_arrays_only_for_many_marks(monkeypatch) -> None:
    ballots, counts = ((0,), (0, 1)), (1, 2)
    assert isinstance(crowd.crowd(ballots, counts, 2), ListedCrowd)
    monkeypatch.setattr(crowd, "MANY_MARKS", 1)
    assert isinstance(crowd.crowd(ballots, counts, 2), ArrayCrowd)
