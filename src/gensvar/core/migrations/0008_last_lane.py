"""A fourth lane, for what is sent after the rest; nothing changes in the table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0007_external_alone")]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="lane",
            field=models.SmallIntegerField(
                choices=[(0, "Database"), (1, "Network"), (2, "First"), (3, "Later")], default=0
            ),
        ),
    ]
