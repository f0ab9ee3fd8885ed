"""People who write along on an application."""

from tortoise import migrations


class Migration(migrations.Migration):
    dependencies = [("grants", "0003_uploads")]

    operations = []
