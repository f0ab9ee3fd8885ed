"""What people do not understand, until an officer has helped them; how to reach them is not kept any longer."""

from __future__ import annotations

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model


class HelpRequest(Model):
    """One thing somebody does not understand, on one page; with `person_id` of whoever was signed in."""

    id = fields.IntField(primary_key=True)
    public_id = fields.CharField(max_length=32, unique=True)
    page = fields.CharField(max_length=200, default="")
    text = fields.TextField()
    contact = fields.CharField(max_length=200, default="")
    language = fields.CharField(max_length=12)
    person_id = fields.IntField(null=True)
    browser_hash = fields.CharField(max_length=64)
    asked_at = fields.DatetimeField(db_index=True)
    due_on = fields.DateField()
    done_at = fields.DatetimeField(null=True)
    done_by = fields.IntField(null=True)
    outcome = fields.TextField(default="")

    class Meta:
        table = "help_request"
        constraints = (
            CheckConstraint(check="text <> ''", name="help_request_text"),
            CheckConstraint(check="(done_at IS NULL) = (outcome = '')", name="help_request_outcome"),
            CheckConstraint(check="(done_at IS NULL) OR contact = ''", name="help_request_wiped"),
        )
