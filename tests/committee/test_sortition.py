import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.sortition import lot_order

RFC_SEED = "9319./2.5.8.10.12./9.18.26.34.41.45./"
IDS = st.lists(st.text(max_size=4), unique=True, max_size=12)


def test_lot_order_draws_the_example_of_rfc_3797() -> None:
    pool = [f"{number:02}" for number in range(1, 26)]
    drawn = lot_order(pool, RFC_SEED, digest="md5")
    assert drawn[:10] == ["17", "07", "02", "16", "25", "23", "08", "24", "19", "13"]


def test_lot_order_with_sha256_stays_what_was_published() -> None:
    assert lot_order("abcdefgh", "4711", "ties") == list("fgbhaedc")


@given(IDS, st.text(max_size=8), st.randoms())
def test_lot_order_holds_everyone_once_and_forgets_the_order_of_the_input(ids, seed, chance) -> None:
    shuffled = ids.copy()
    chance.shuffle(shuffled)
    drawn = lot_order(ids, seed, "ties")
    assert lot_order(shuffled, seed, "ties") == drawn
    assert sorted(drawn) == sorted(ids)


def test_lot_order_differs_by_seed_and_by_label() -> None:
    pool = [f"{number:02}" for number in range(30)]
    orders = [lot_order(pool, seed, label) for seed in ("1", "2") for label in ("", "ties", "committee")]
    assert len({tuple(order) for order in orders}) == 6


def test_lot_order_puts_everyone_first_about_equally_often() -> None:
    first = [lot_order("abcd", str(seed))[0] for seed in range(4000)]
    assert all(900 < first.count(id_) < 1100 for id_ in "abcd")


def test_lot_order_refuses_an_id_that_is_there_twice() -> None:
    with pytest.raises(ValueError, match="'a' is in the lot twice"):
        lot_order(["a", "b", "a"], "1")


def test_lot_order_refuses_a_list_it_cannot_number() -> None:
    with pytest.raises(ValueError, match="at most 65535"):
        lot_order((str(number) for number in range(65_536)), "1")
