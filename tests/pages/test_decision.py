import pytest

from grants.application import Stage
from grants.decision import Kind
from grants.steps.announce import announce
from grants.steps.decide import adopt_all, decide
from grants.store.applications import Application
from grants.store.decisions import Decision
from grants.store.journal import JournalEntry
from grants.store.ledger import Pot
from tests.factories import DECIDING, person, screened
from tests.pages.officers import READERS, advised, decided, hidden, readers, town, words, writers

pytestmark = pytest.mark.anyio


def path_of(plan: Application) -> str:
    return f"/gemeente/aanvragen/{plan.public_id}/besluit"


def otherwise(
    page: str, kind: str = "partly", cents: str = "4.000", deviation: str = "De huur is lager."
) -> dict[str, str]:
    return {
        "how": "afwijken",
        "kind": kind,
        "cents": cents,
        "deviation": deviation,
        "seen": hidden(page, "seen"),
    }


async def officer_at(client, there) -> None:
    client.clock.now = DECIDING
    await client.sign_in(there.officer)


async def test_decisions_are_made_by_officers_and_read_by_auditors(client) -> None:
    there = await town()
    plan, _ = await advised(there, (500_000, 500_000), (100_000, 0))
    for path in (path_of(plan), f"{there.path}/overnemen"):
        assert await readers(client, there, path) == READERS
        assert await writers(client, there, path) == {"officer"}


async def test_auditor_reads_the_advice_and_can_press_nothing(client) -> None:
    there = await town()
    plan, _ = await advised(there, (500_000, 400_000), (100_000, 0))
    await client.sign_in(there.auditor)
    page = (await client.get(path_of(plan))).text
    assert "Advies Voor een deel toegekend Bedrag €\u00a04.000 van €\u00a05.000" in words(page)
    assert "Zeven van de negen leden steunden dit plan." in words(page)
    assert "Het kan lukken De begroting klopt." in words(page)
    assert "<form" not in page.partition("<main")[2]
    assert "<form" not in (await client.get(f"{there.path}/overnemen")).text.partition("<main")[2]


async def test_advice_is_taken_over_in_one_press(client) -> None:
    there = await town()
    plan, _ = await advised(there, (500_000, 400_000), (100_000, 0))
    await officer_at(client, there)
    page = (await client.get(path_of(plan))).text
    for _ in range(2):
        answer = await client.post(path_of(plan), data={"how": "volgen", "seen": hidden(page, "seen")})
        assert (answer.status_code, answer.headers["location"]) == (303, path_of(plan))
    made = await Decision.get(application_id=plan.id)
    assert (made.kind, made.cents, made.followed) == ("partly", 400_000, True)
    assert await JournalEntry.filter(act="decision.changed").count() == 0
    after = words((await client.get(path_of(plan))).text)
    assert "Getekend op 8 december 2026 om 10.00 uur door Olga Officier" in after
    assert "Neem het advies over" not in after


async def test_deviation_is_signed_with_a_reason_and_anew(client) -> None:
    there = await town()
    plan, _ = await advised(there, (500_000, 500_000), (100_000, 0))
    await officer_at(client, there)
    page = (await client.get(path_of(plan))).text
    for _ in range(2):
        assert (await client.post(path_of(plan), data=otherwise(page))).status_code == 303
    assert (await Pot.get(year=2026)).reserved_cents == 400_000
    page = (await client.get(path_of(plan))).text
    assert "Het advies gevolgd? Nee: De huur is lager." in words(page)
    assert 'value="4.000"' in page
    assert ">\nDe huur is lager.</textarea>" in page
    answer = await client.post(path_of(plan), data={"how": "volgen", "seen": hidden(page, "seen")})
    assert answer.status_code == 303
    assert (await Pot.get(year=2026)).reserved_cents == 500_000


@pytest.mark.parametrize(
    ("kind", "cents", "reason", "said", "status"),
    [
        ("partly", "4.000", "", "U wijkt af van het advies van de commissie. Schrijf op waarom.", 422),
        ("partly", "", "Daarom.", "Vul bij “Bedrag” een bedrag in", 422),
        ("partly", "vierduizend", "Daarom.", "Wij kunnen het bedrag bij “Bedrag” niet lezen.", 422),
        ("partly", "-4000", "Daarom.", "mag niet onder de 0 zijn", 422),
        ("partly", "4.000,123", "Daarom.", "hoogstens twee cijfers achter de komma", 422),
        ("partly", "9.000", "Daarom.", "Vul een bedrag in tussen €\u00a00,01 en €\u00a05.000.", 422),
        ("refused_other", "10", "Daarom.", "Bij een afwijzing hoort geen bedrag.", 422),
        ("not_handled", "", "Daarom.", "Kies wat u besluit.", 422),
        ("", "", "", "Kies wat u besluit.", 422),
    ],
)
async def test_decision_that_cannot_be_signed_keeps_what_was_typed(
    client, kind, cents, reason, said, status
) -> None:
    there = await town()
    plan, _ = await advised(there, (500_000, 500_000), (100_000, 0))
    await officer_at(client, there)
    page = (await client.get(path_of(plan))).text
    answer = await client.post(path_of(plan), data=otherwise(page, kind, cents, reason))
    assert answer.status_code == status
    assert said in words(answer.text)
    assert f'value="{cents}"' in answer.text
    assert f">\n{reason}</textarea>" in answer.text
    assert not await Decision.exists()


@pytest.mark.parametrize(
    "cents", ["1.250,50", "1250,50", "€ 1.250,50", "1.250.50", "1250.5", "1 250,50 euro"]
)
async def test_amount_is_read_as_people_write_it(client, cents) -> None:
    there = await town()
    plan, _ = await advised(there, (500_000, 500_000), (100_000, 0))
    await officer_at(client, there)
    page = (await client.get(path_of(plan))).text
    answer = await client.post(path_of(plan), data=otherwise(page, cents=cents))
    if cents == "1.250.50":
        assert answer.status_code == 422
        return
    assert answer.status_code == 303
    assert (await Decision.get(application_id=plan.id)).cents == 125_050


async def test_form_from_before_a_colleague_signed_is_not_taken(client) -> None:
    there = await town()
    plan, _ = await advised(there, (500_000, 500_000), (100_000, 0))
    await officer_at(client, there)
    page = (await client.get(path_of(plan))).text
    colleague = await person("Otto Officier", "officer")
    await decide(colleague, plan.public_id, Kind.PARTLY, 300_000, "Te duur.", DECIDING)
    answer = await client.post(path_of(plan), data=otherwise(page))
    assert answer.status_code == 409
    assert "Een collega heeft intussen ook een besluit getekend." in words(answer.text)
    assert "door Otto Officier" in words(answer.text)
    assert ">\nDe huur is lager.</textarea>" in answer.text
    assert (await Decision.get(application_id=plan.id)).cents == 300_000
    assert (await client.post(path_of(plan), data=otherwise(answer.text))).status_code == 303


async def test_decision_that_was_sent_stands(client) -> None:
    there = await town()
    plan, _ = await decided(there, (500_000, 500_000), (100_000, 0))
    await officer_at(client, there)
    page = (await client.get(path_of(plan))).text
    await announce(there.officer, there.round_.id, DECIDING)
    answer = await client.post(path_of(plan), data=otherwise(page))
    assert answer.status_code == 409
    assert ">\nDe huur is lager.</textarea>" in answer.text
    after = words((await client.get(path_of(plan))).text)
    assert "Bezwaar kan tot en met 19 januari 2027" in after
    assert "anders besluiten" not in after


async def test_decision_before_there_is_advice(client) -> None:
    there = await town()
    plan = await screened(there.applicant, there.officer, there.round_)
    await officer_at(client, there)
    assert "Nog geen advies" in words((await client.get(path_of(plan))).text)
    assert (await client.post(path_of(plan), data={"how": "volgen", "seen": ""})).status_code == 409
    assert (await client.get(f"{there.path}/overnemen")).status_code == 404


async def test_decision_of_an_unknown_application(client) -> None:
    there = await town()
    await officer_at(client, there)
    assert (await client.get(f"/gemeente/aanvragen/{'0' * 32}/besluit")).status_code == 404
    assert (
        await client.post(f"/gemeente/aanvragen/{'0' * 32}/besluit", data={"how": "volgen"})
    ).status_code == 404


async def test_all_advice_is_signed_after_one_look(client) -> None:
    there = await town()
    first, second, _ = await advised(there, (500_000, 500_000), (700_000, 400_000), (100_000, 0))
    await decide(there.officer, first.public_id, Kind.REFUSED_OTHER, 0, "Past niet.", DECIDING)
    await officer_at(client, there)
    page = words((await client.get(f"{there.path}/overnemen")).text)
    assert "1 besluit is al getekend." in page
    assert "U tekent 2 besluiten zoals de commissie adviseert." in page
    assert (
        "Vrij in de pot €\u00a0100.000,00 Nodig voor dit advies €\u00a04.000,00 Daarna nog vrij €\u00a096.000,00"
        in page
    )
    assert "Samen €\u00a08.000,00 €\u00a04.000,00" in page
    for _ in range(2):
        answer = await client.post(f"{there.path}/overnemen", data={"leeg": ""})
        assert (answer.status_code, answer.headers["location"]) == (303, there.path)
    assert await Application.filter(stage=Stage.DECIDED.value).count() == 3
    assert (await Decision.get(application_id=second.id)).cents == 400_000
    assert (await Decision.get(application_id=first.id)).kind == "refused_other"
    assert "Alles is getekend" in words((await client.get(f"{there.path}/overnemen")).text)


async def test_advice_over_the_ceiling_is_not_signed(client) -> None:
    there = await town()
    await advised(there, (6_000_000, 6_000_000), (5_000_000, 5_000_000))
    await officer_at(client, there)
    assert "Daarna nog vrij €\u00a0-10.000,00" in words((await client.get(f"{there.path}/overnemen")).text)
    answer = await client.post(f"{there.path}/overnemen", data={"leeg": ""})
    assert answer.status_code == 409
    assert "Er is niet genoeg geld in de pot." in words(answer.text)
    assert not await Decision.exists()


async def test_adopting_asks_as_little_for_three_as_for_one(client, query_count) -> None:
    there = await town()
    await advised(there, (500_000, 500_000), (100_000, 0), (200_000, 200_000))
    await officer_at(client, there)
    with query_count() as queries:
        await client.get(f"{there.path}/overnemen")
    counts = [len(queries)]
    await adopt_all(there.officer, there.round_.id, DECIDING)
    with query_count() as queries:
        await client.get(f"{there.path}/overnemen")
    assert [*counts, len(queries)] == [6, 6]


async def test_decision_asks_a_fixed_number_of_times(client, query_count) -> None:
    there = await town()
    plan, _ = await decided(there, (500_000, 500_000), (100_000, 0))
    await officer_at(client, there)
    await client.get(path_of(plan))  # the first look of a day is written down
    with query_count() as queries:
        await client.get(path_of(plan))
    assert len(queries) == 7
