"""Objections, complaints and other papers that come in, and who looked at what."""

from tortoise import migrations


class Migration(migrations.Migration):
    dependencies = [("grants", "0006_talking")]

    operations = []
