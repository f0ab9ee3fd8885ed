"""How often something may be tried."""

from tortoise import migrations


class Migration(migrations.Migration):
    dependencies = [("grants", "0007_notices")]

    operations = []
