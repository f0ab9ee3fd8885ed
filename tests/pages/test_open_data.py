"""The files for machines: the six fields of the Woo, safe in a spreadsheet, and the record byte for byte."""

import csv
import hashlib
import json

import pytest

from grants.pages.open_data import COLUMNS, formula_safe
from grants.steps.account import determine, report
from grants.steps.publish import publish
from grants.store.applications import Application
from grants.store.decisions import Advice
from grants.store.initiatives import Initiative
from tests.factories import DECIDING
from tests.pages.officers import announced, decided, published, town

pytestmark = pytest.mark.anyio


async def test_subsidies_as_csv_and_json(client) -> None:
    there = await town()
    plan, *_ = await published(
        there, (500_000, 500_000), (700_000, 400_001), (600_000, 600_000), (100_000, 0)
    )
    await report(there.applicant, plan.public_id, "Goed.", 450_050, DECIDING)
    await determine(there.officer, plan.public_id, 450_050, "Er was geld over.", DECIDING)
    sheet = await client.get("/open-data/2026/subsidies.csv")
    assert sheet.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(sheet.text.splitlines()))
    assert rows == [
        {
            "beschikkingsnummer": "2026-001",
            "grondslag": there.round_.frozen["legal_basis"],
            "ontvanger": "Stichting Plan 1",
            "doelstelling": "Plan 1",
            "beschiktBedrag": "5000.00",
            "subsidievaststellingBedrag": "4500.50",
            "gewijzigdBedrag": "",
            "ingetrokken": "",
            "datumBesluit": "2026-12-08",
        },
        {
            **rows[1],
            "ontvanger": "Stichting Plan 2",
            "beschiktBedrag": "4000.01",
            "subsidievaststellingBedrag": "4000.01",
        },
        {
            **rows[2],
            "ontvanger": "Stichting Plan 3",
            "beschiktBedrag": "6000.00",
            "subsidievaststellingBedrag": "",
        },
    ]
    content = (await client.get("/open-data/2026/subsidies.json")).json()
    assert content["subsidies"] == rows
    assert list(content["velden"]) == list(COLUMNS)


async def test_cells_are_no_formulas_and_nobody_is_named(client) -> None:
    there = await town()
    plans = await announced(there, (500_000, 500_000), (300_000, 300_000))
    await Initiative.filter(id=plans[0].initiative_id).update(name="=HYPERLINK(1)")
    await Application.filter(id=plans[0].id).update(title='@SUM(1);\n"x"')
    await Initiative.filter(id=plans[1].initiative_id).update(kind="person", name="Geheimerd")
    await publish(there.officer, there.round_.id, DECIDING)
    text = (await client.get("/open-data/2026/subsidies.csv")).text
    rows = list(csv.DictReader(text.splitlines(keepends=True)))
    assert rows[0]["ontvanger"] == "'=HYPERLINK(1)"
    assert rows[0]["doelstelling"].startswith("'@SUM(1);")
    assert rows[1]["ontvanger"] == "Een inwoner"
    assert "Geheimerd" not in text
    plain = (await client.get("/open-data/2026/subsidies.json")).json()
    assert plain["subsidies"][0]["ontvanger"] == "=HYPERLINK(1)"


@pytest.mark.parametrize("begin", list("=+-@\t\r＝＋－＠"))
def test_formula_safe(begin) -> None:
    assert formula_safe(f"{begin}1") == f"'{begin}1"
    assert formula_safe(f"a{begin}1") == f"a{begin}1"


async def test_record_and_rules_are_the_very_bytes_that_were_kept(client) -> None:
    there = await town()
    await published(there, (500_000, 500_000))
    folder = f"/open-data/rondes/{there.round_.public_id}"
    record = await client.get(f"{folder}/telling.json")
    assert record.content == (await Advice.get()).record.encode()
    assert record.headers["content-type"] == "application/json"
    assert hashlib.sha256(record.content).hexdigest() in (await client.get("/resultaten/2026")).text
    rules = await client.get(f"{folder}/regels.json")
    assert hashlib.sha256(rules.content).hexdigest() == there.round_.rules_hash
    assert json.loads(rules.content)["questions"] == there.round_.frozen["questions"]


async def test_rules_are_public_from_the_opening_and_the_rest_from_publication(client) -> None:
    there = await town()
    folder = f"/open-data/rondes/{there.round_.public_id}"
    assert (await client.get(f"{folder}/regels.json")).status_code == 200
    await decided(there, (500_000, 500_000))
    for path in (f"{folder}/telling.json", "/open-data/2026/subsidies.csv", "/open-data/2026/subsidies.json"):
        for visitor in (client, await client.another().sign_in(there.officer)):
            assert (await visitor.get(path)).status_code == 404


@pytest.mark.parametrize("name", ["0" * 32, "x", "%00", "x" * 4000, "2026"])
async def test_rounds_and_years_that_are_none(client, name) -> None:
    for path in (f"rondes/{name}/telling.json", f"rondes/{name}/regels.json", f"{name}/subsidies.csv"):
        assert (await client.get(f"/open-data/{path}")).status_code == 404


async def test_overview_links_to_every_file_and_each_is_there(client) -> None:
    there = await town()
    await published(there, (500_000, 500_000))
    page = (await client.get("/open-data")).text
    for path in (
        "/open-data/2026/subsidies.csv",
        "/open-data/2026/subsidies.json",
        f"/open-data/rondes/{there.round_.public_id}/telling.json",
        f"/open-data/rondes/{there.round_.public_id}/regels.json",
    ):
        assert f'href="{path}"' in page
        assert (await client.get(path)).status_code == 200


async def test_year_without_awards_has_an_empty_overview(client) -> None:
    await published(await town(), (500_000, 0))
    assert (await client.get("/open-data/2026/subsidies.json")).json()["subsidies"] == []
    assert "Dit jaar kreeg geen plan geld." in (await client.get("/resultaten/2026")).text
