"""A third lane, for what goes before the rest; nothing changes in the table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0002_roles")]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="lane",
            field=models.SmallIntegerField(choices=[(0, "Database"), (1, "Network"), (2, "First")], default=0),
        ),
    ]
