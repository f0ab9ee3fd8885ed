"""Who applies: organisations may be named in public, groups and persons have words in place of a name."""

import pytest

from grants.initiative import Kind, check_initiative, public_name


def test_public_name() -> None:
    assert public_name(Kind.ORGANISATION, "Stichting A").values == {"name": "Stichting A"}
    assert "A" not in str(public_name(Kind.PERSON, "A").values)
    assert "A" not in str(public_name(Kind.GROUP, "A").values)


@pytest.mark.parametrize(
    ("kind", "name", "kvk", "fields"),
    [
        ("organisation", "Stichting A", "12345678", []),
        ("group", "De Soepploeg", "", []),
        ("", "", "", ["kind", "name"]),
        ("bedrijf", "A", "", ["kind"]),
        ("person", "x" * 121, "", ["name"]),
        ("organisation", "A", "1234567", ["kvk"]),
        ("organisation", "A", "1234567a", ["kvk"]),
    ],
)
def test_check_initiative(kind: str, name: str, kvk: str, fields: list[str]) -> None:
    assert [problem.field for problem in check_initiative(kind, name, kvk)] == fields
