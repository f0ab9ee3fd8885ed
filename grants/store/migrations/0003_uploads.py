"""Files and sound that people add to an application."""

from tortoise import migrations


class Migration(migrations.Migration):
    dependencies = [("grants", "0002_guards")]

    operations = []
