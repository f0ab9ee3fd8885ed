import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.panel import Plan, Quota
from committee.pool import pool_hash, read_panels, read_plan, read_pool, why_not
from grants.errors import FileError

POOL = "id,role,district\na,client,north\nb,carer,north\nc,client,east\n"
PLAN = """
seats = 2
[[quotas]]
feature = "role"
value = "client"
least = 1
most = 1
"""


def test_pool_and_plan_are_read() -> None:
    pool = read_pool(POOL)
    assert pool["b"] == {"role": "carer", "district": "north"}
    assert read_pool(POOL.replace(",", ";")) == pool
    assert read_plan(PLAN, pool) == Plan(2, (Quota("role", "client", 1, 1),))
    assert read_plan('seats = 2\n[[quotas]]\nfeature = "role"\nvalue = "carer"', pool).quotas == (
        Quota("role", "carer", 0, 2),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Regel 1: hier horen de namen"),
        ("role\nclient\n", "Regel 1: hier horen de namen"),
        ("id,id\na,b\n", "Regel 1: hier horen de namen"),
        (POOL + "d,client\n", "Regel {line}: hier horen"),
        (POOL + "d,,north\n", "Regel {line}: hier horen"),
        (POOL + "a,client,north\n", "staat twee keer"),
        (POOL + f"d,{'x' * 81},north\n", "Regel {line}: hier horen"),
    ],
)
def test_a_broken_list_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(FileError, match=said) as refused:
        read_pool(text)
    assert refused.value.said.values.get("line", 1) in (1, 5)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("seats = 0", "heel getal"),
        (PLAN.replace('"role"', '"age"'), "geen kolom"),
        (PLAN.replace("most = 1", "most = 0"), "heel getal"),
        (PLAN + PLAN.partition("\n\n")[2] + PLAN[PLAN.index("[[") :], "al een regel"),
        (PLAN + "colour = 1", "kennen wij niet"),
    ],
)
def test_a_broken_plan_is_refused(source: str, said: str) -> None:
    with pytest.raises(FileError, match=said):
        read_plan(source, read_pool(POOL))


def test_a_list_of_panels_is_read_and_each_must_meet_the_plan() -> None:
    pool = read_pool(POOL)
    plan = read_plan(PLAN, pool)
    assert read_panels("b,a\nc,b\n", pool, plan) == [["a", "b"], ["b", "c"]]
    for text in ("", "a,c\n", "a,a\n", "a,z\n", "a\n"):
        with pytest.raises(FileError):
            read_panels(text, pool, plan)


@given(st.randoms())
def test_the_hash_of_a_list_is_that_of_its_people_in_any_order(chance) -> None:
    lines = POOL.splitlines()[1:]
    chance.shuffle(lines)
    assert pool_hash(read_pool("\n".join(["id,role,district", *lines]))) == pool_hash(read_pool(POOL))
    assert pool_hash(read_pool(POOL.replace("east", "west"))) != pool_hash(read_pool(POOL))


def test_a_plan_that_cannot_be_met_says_what_to_relax() -> None:
    pool = read_pool(POOL)
    few = why_not(Plan(2, (Quota("role", "carer", 2, 2),)), pool)
    assert few.said.values["there"] == 1
    crossed = Plan(2, (Quota("role", "client", 2, 2), Quota("district", "north", 2, 2)))
    said = why_not(crossed, pool).said
    assert said.text.startswith("Geen enkele commissie past in dit plan. Dit zou genoeg zijn")
    both = Plan(3, (Quota("role", "client", 0, 0), Quota("district", "north", 0, 0)))
    assert "ook niet met één ruimere regel" in why_not(both, pool).said.text
