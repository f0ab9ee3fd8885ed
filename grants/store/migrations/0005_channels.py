"""How people want to hear from us, and what was entered for them."""

from tortoise import migrations


class Migration(migrations.Migration):
    dependencies = [("grants", "0004_together")]

    operations = []
