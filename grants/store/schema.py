"""Putting rules into the database itself: constraints with the table, and rows that nobody can change.

Tortoise's CreateModel leaves `Meta.constraints` out of the table (upstream issue 2272), and adding them
afterwards rebuilds the table on SQLite; so they go in with CREATE TABLE.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.migrations.migration import Migration
from tortoise.migrations.operations import CreateModel, RunPython
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State
from tortoise.models import Model

Editor = BaseSchemaEditor
Code = Callable[[Any, Editor], Awaitable[None]]


class Additions(Migration):
    """A migration that only adds: none of its operations looks at the models as they were before it.

    Tortoise copies every model before every operation for those that do, which took seconds.
    """

    async def apply(
        self,
        state: State,
        *,
        dry_run: bool = False,
        schema_editor: Editor | None = None,
        collect_sql: bool = False,
    ) -> State:
        if schema_editor is None or dry_run or collect_sql:
            return await super().apply(
                state, dry_run=dry_run, schema_editor=schema_editor, collect_sql=collect_sql
            )
        transactional = schema_editor.client.capabilities.supports_transactions
        for operation in self.operations:
            operation.state_forward(self.app_label, state)
            await self._run_database_forward(operation, state, state, schema_editor, transactional)
        state.validate_relations_initialized()
        return state


class CreateTable(CreateModel):
    """CreateModel that really makes the CHECK and the (partial) UNIQUE constraints of `Meta.constraints`."""

    async def database_forward(
        self,
        app_label: str,
        old_state: State,  # noqa: ARG002 - as Tortoise calls it
        new_state: State,
        state_editor: Editor | None = None,
    ) -> None:
        if state_editor is None:
            return
        model = new_state.apps.get_model(f"{app_label}.{self.name}")
        declared = (self.options or {}).get("constraints", ())
        checks = [c for c in declared if isinstance(c, CheckConstraint)]
        stock = state_editor._get_inner_statements
        state_editor._get_inner_statements = lambda: [  # type: ignore[method-assign]
            *stock(),
            *(f'CONSTRAINT "{c.name}" CHECK ({c.check})' for c in checks),
        ]
        try:
            await state_editor.create_model(model)
        finally:
            state_editor._get_inner_statements = stock  # type: ignore[method-assign]
        for unique in (c for c in declared if isinstance(c, UniqueConstraint)):
            await state_editor.client.execute_query(_unique_index(model, unique))


def _unique_index(model: type[Model], unique: UniqueConstraint) -> str:
    columns = ", ".join(f'"{model._meta.fields_map[name].source_field or name}"' for name in unique.fields)
    where = f" WHERE {unique.condition}" if unique.condition else ""
    return f'CREATE UNIQUE INDEX "{unique.name}" ON "{model._meta.db_table}" ({columns}){where}'


def guard(name: str, table: str, event: str, *, when: str, says: str) -> RunPython:
    """A trigger that refuses `event` ("UPDATE", "DELETE", "INSERT") on a row for which `when` holds.

    `when` is SQL over OLD and NEW that both engines read; `says` is what the database answers.
    """

    async def forward(_: Any, editor: Editor) -> None:
        for statement in _trigger(editor.DIALECT, name, table, event, when, says):
            await editor.client.execute_query(statement)

    async def backward(_: Any, editor: Editor) -> None:
        drop = (
            f'DROP FUNCTION "{name}"() CASCADE' if editor.DIALECT == "postgres" else f'DROP TRIGGER "{name}"'
        )
        await editor.client.execute_query(drop)

    return RunPython(forward, backward)


def _trigger(dialect: str, name: str, table: str, event: str, when: str, says: str) -> list[str]:
    if dialect == "sqlite":
        body = f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        return [f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH ROW WHEN {when} {body}']
    row = "OLD" if event == "DELETE" else "NEW"
    refuse = f"RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation'"
    body = f"BEGIN IF {when} THEN {refuse}; END IF; RETURN {row}; END"
    return [
        f'CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $guard$ {body} $guard$',
        f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH ROW EXECUTE FUNCTION "{name}"()',
    ]


def append_only(table: str) -> list[RunPython]:
    """Rows of this table can be added, never changed and never taken away."""
    return [
        guard(f"{table}_{event.lower()}", table, event, when="(1 = 1)", says=f"{table} is append-only")
        for event in ("UPDATE", "DELETE")
    ]
