"""Rows that stay as they are: the ledger, the journal, what was sent in, what was announced and paid."""

from tortoise.migrations.operations import RunSQL

from grants.store.journal import GENESIS
from grants.store.schema import Additions, append_only, guard


class Migration(Additions):
    dependencies = [("grants", "0001_initial")]

    operations = [
        RunSQL(
            f"INSERT INTO journal_head (id, place, entry_hash) VALUES (1, 0, '{GENESIS}')",
            "DELETE FROM journal_head",
        ),
        *append_only("ledger_entry"),
        *append_only("journal_entry"),
        *append_only("submission"),
        *append_only("advice"),
        *append_only("proposal"),
        *append_only("determination"),
        guard(
            "decision_announced_update",
            "decision",
            "UPDATE",
            when="OLD.announced_at IS NOT NULL",
            says="an announced decision cannot change",
        ),
        guard(
            "decision_announced_delete",
            "decision",
            "DELETE",
            when="OLD.announced_at IS NOT NULL",
            says="an announced decision cannot be deleted",
        ),
        guard(
            "payment_paid_update",
            "payment",
            "UPDATE",
            when="OLD.paid_on IS NOT NULL",
            says="a payment made cannot change",
        ),
        guard(
            "payment_paid_delete",
            "payment",
            "DELETE",
            when="OLD.paid_on IS NOT NULL",
            says="a payment made cannot be deleted",
        ),
        guard(
            "round_rules_frozen",
            "round",
            "UPDATE",
            when="OLD.opened_at IS NOT NULL AND (NEW.opened_at IS NULL OR NEW.rules IS NULL OR NEW.rules <> OLD.rules "
            "OR NEW.rules_hash <> OLD.rules_hash OR NEW.opens_at <> OLD.opens_at OR NEW.closes_at <> OLD.closes_at "
            "OR NEW.ballot_opens_at <> OLD.ballot_opens_at OR NEW.ballot_closes_at <> OLD.ballot_closes_at OR NEW.decide_by <> OLD.decide_by)",
            says="the rules of an opened round are frozen",
        ),
    ]
