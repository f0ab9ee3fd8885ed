"""Messages, and proposals to go a step further."""

from tortoise import migrations


class Migration(migrations.Migration):
    dependencies = [("grants", "0005_channels")]

    operations = []
