"""What stands at the private link says so itself; it bore the name of one channel before."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def rename(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    """In one statement: the rows that never travelled."""
    apps.get_model("answers", "Delivery").objects.filter(channel="web").update(channel="link")


def name_back(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    """As it was."""
    apps.get_model("answers", "Delivery").objects.filter(channel="link").update(channel="web")


class Migration(migrations.Migration):
    """Neighbour: answers.ways.LINK."""

    dependencies = [("answers", "0001_initial")]
    operations = [migrations.RunPython(rename, name_back)]
