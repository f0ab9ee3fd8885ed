"""The filters of the desk that a person keeps under a name of their own."""

from __future__ import annotations

from typing import NamedTuple

from tortoise import connections, fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from grants.store.people import Person


class SavedFilter(Model):
    """One kept filter: `query` is what stands behind the question mark of the desk's address."""

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "grants.Person", related_name="saved_filters", on_delete=fields.RESTRICT
    )
    person_id: int
    name = fields.CharField(max_length=40)
    query = fields.CharField(max_length=600)

    class Meta:
        table = "saved_filter"
        constraints = (
            CheckConstraint(check="name <> '' AND query <> ''", name="saved_filter_filled"),
            UniqueConstraint(fields=("person", "name"), name="saved_filter_name"),
        )


class Kept(NamedTuple):
    """A kept filter as the desk shows it: a link with a name."""

    name: str
    query: str


_KEPT = "SELECT name, query FROM saved_filter WHERE person_id = {mark} ORDER BY name"


async def kept_by(person_id: int | None) -> list[Kept]:
    """The filters of one person by name; plain SQL, as it is asked at every look at the desk."""
    connection = connections.get("default")
    mark = "$1" if connection.capabilities.dialect == "postgres" else "?"
    rows = await connection.execute_query_dict(_KEPT.format(mark=mark), [person_id])
    return [Kept(row["name"], row["query"]) for row in rows]
