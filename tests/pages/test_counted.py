"""How a round was counted, for everybody."""

import pytest

from committee import record
from committee.allocation import GREEDY, LEAST, Rule, count
from committee.election import Election
from committee.pabulib import read_pb
from grants.steps.announce import announce
from grants.steps.decide import adopt_all
from grants.steps.publish import publish
from tests.committee.elections import vote
from tests.factories import DECIDING, screened
from tests.pages.officers import Town, advise, town, words

# Four members; everybody has € 2.500. Plan 2 is short of € 1.000 and gets it with one supporter more.
VOTE = vote(
    10_000_00,
    {"2026-001": (5_000_00, 3_000_00), "2026-002": (6_000_00, 6_000_00), "2026-003": 1_000_00},
    [["2026-001"], ["2026-001", "2026-002"], ["2026-002"], []],
)


async def counted(election: Election = VOTE, rule: str = LEAST) -> Town:
    """A published round with this vote as its record."""
    there = await town()
    outcome = count(election, rule)
    made = record.make(election, Rule(rule), outcome)
    plans = [
        await screened(there.applicant, there.officer, there.round_, f"Plan {n}", asked_cents=one.ask_cents,
                       least_cents=one.least_cents)
        for n, one in enumerate(election.applications, 1)
    ]  # fmt: skip
    granted = [outcome.grants.get(id_, 0) for id_ in election.ids]
    await advise(there.round_, plans, granted, record.canonical(made).decode())
    await adopt_all(there.officer, there.round_.id, DECIDING)
    await announce(there.officer, there.round_.id, DECIDING)
    await publish(there.officer, there.round_.id, DECIDING)
    return there


async def test_everybody_sees_who_paid_what_and_what_was_lacking(client) -> None:
    await counted()
    answer = await client.get("/resultaten/2026/telling")
    said = words(answer.text).replace("\xa0", " ")
    assert answer.status_code == 200, said
    assert "2026-001 · Plan 1 2 € 5.000,00 € 5.000,00" in said
    assert "2026-002 Steun van nog 1 lid had genoeg kunnen zijn. 2 € 6.000,00 € 0,00" in said
    assert "Plan 2" not in said
    assert "Briefje 1 1 € 2.500,00 Briefje 2 1 € 2.500,00 € 0,00" in said
    assert "Samen 4 € 5.000,00 € 5.000,00" in said
    assert "Meeste stemmen gaan voor Dezelfde plannen." in said


async def test_other_rules_name_what_changes(client) -> None:
    await counted(VOTE, GREEDY)
    said = words((await client.get("/resultaten/2026/telling")).text)
    assert "Wie betaalde wat?" not in said
    assert "Meeste stemmen gaan voor (deze ronde)" in said


async def test_the_ballots_for_tools_of_others(client) -> None:
    there = await counted()
    answer = await client.get(f"/open-data/rondes/{there.round_.public_id}/telling.pb")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    read = read_pb(answer.text)
    assert (read.voters, read.votes, read.budget_cents) == (4, [2, 2, 0], 10_000_00)
    assert "date_begin;16.11.2026\ndate_end;04.12.2026" in answer.text
    year = (await client.get("/resultaten/2026")).text
    assert 'href="/resultaten/2026/telling"' in year


async def test_before_publication_there_is_nothing(client) -> None:
    there = await town()
    for path in ("/resultaten/2026/telling", f"/open-data/rondes/{there.round_.public_id}/telling.pb"):
        for visitor in (client, await client.another().sign_in(there.officer)):
            assert (await visitor.get(path)).status_code == 404


@pytest.mark.parametrize("name", ["x", "0000", "99999", "%00", "٢٠٢٦"])
async def test_years_and_rounds_that_are_none(client, name) -> None:
    assert (await client.get(f"/resultaten/{name}/telling")).status_code == 404
    assert (await client.get(f"/open-data/rondes/{name}/telling.pb")).status_code == 404


async def test_a_count_is_shown_in_a_few_queries(client, query_count) -> None:
    await counted()
    with query_count() as queries:
        await client.get("/resultaten/2026/telling")
    assert len(queries) == 2
