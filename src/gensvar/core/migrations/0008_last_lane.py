"""A fourth lane, for what is sent after the rest; nothing changes in the table. The version before knows three."""

from typing import Any

from django.db import migrations, models


def with_the_rest(apps: Any, _schema_editor: Any) -> None:
    """Back: no loop of the version before takes what waits in the fourth."""
    apps.get_model("core", "Event").objects.filter(lane=3, state=0).update(lane=1)


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
        migrations.RunPython(migrations.RunPython.noop, with_the_rest, elidable=True),
    ]
