from hypothesis import given
from hypothesis import strategies as st

from committee.framework import LOT, MORE_SUPPORTERS, SMALLER
from committee.ties import Rival, Tie, TieOrder

IDS = ["p1", "p10", "p2"]
BY_LOT = TieOrder.by_lot(IDS, ["p2", "p1", "p10"])


def test_winner_is_the_smaller_amount() -> None:
    rivals = [Rival(0, 500, 9), Rival(1, 400, 1), Rival(2, 500, 3)]
    assert BY_LOT.winner(rivals) == (rivals[1], Tie(SMALLER, (0, 1, 2)))


def test_winner_of_equal_amounts_has_more_supporters() -> None:
    rivals = [Rival(0, 400, 3), Rival(1, 400, 4), Rival(2, 500, 9)]
    assert BY_LOT.winner(rivals) == (rivals[1], Tie(MORE_SUPPORTERS, (0, 1)))


def test_winner_goes_by_lot_where_all_else_is_equal() -> None:
    rivals = [Rival(0, 400, 3), Rival(1, 400, 3), Rival(2, 400, 3)]
    assert BY_LOT.winner(rivals) == (rivals[2], Tie(LOT, (0, 1, 2)))


def test_winner_follows_another_published_order() -> None:
    order = TieOrder.by_lot(IDS, IDS, (MORE_SUPPORTERS, LOT))
    rivals = [Rival(0, 100, 3), Rival(1, 900, 3)]
    assert order.winner(rivals) == (rivals[0], Tie(LOT, (0, 1)))


def test_lex_and_rev_go_by_the_id_as_text_alone() -> None:
    rivals = [Rival(0, 900, 1), Rival(1, 500, 2), Rival(2, 100, 3)]
    ranked = [
        [rival.place for rival, _ in TieOrder.by_id(IDS, which).ranked(rivals)] for which in ("lex", "rev")
    ]
    assert ranked == [[0, 1, 2], [2, 1, 0]]
    assert TieOrder.by_id(IDS, "lex").winner(rivals)[1] == Tie("lex", (0, 1, 2))


def test_ranked_says_of_each_what_decided() -> None:
    rivals = [Rival(0, 400, 3), Rival(1, 500, 3), Rival(2, 400, 3)]
    told = [(rival.place, tie) for rival, tie in BY_LOT.ranked(rivals)]
    assert told == [(2, Tie(LOT, (0, 2))), (0, Tie(LOT, (0, 2))), (1, Tie(SMALLER, (0, 1, 2)))]
    assert BY_LOT.ranked(rivals[:1]) == [(rivals[0], None)]


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 2)), min_size=2, max_size=6), st.randoms())
def test_winner_does_not_depend_on_the_order_of_the_rivals(pairs, chance) -> None:
    ids = [f"p{place}" for place in range(len(pairs))]
    order = TieOrder.by_lot(ids, ids[::-1])
    rivals = [Rival(place, *pair) for place, pair in enumerate(pairs)]
    shuffled = chance.sample(rivals, len(rivals))
    assert order.winner(shuffled) == order.winner(rivals)
    assert order.ranked(shuffled)[0] == order.winner(rivals)
