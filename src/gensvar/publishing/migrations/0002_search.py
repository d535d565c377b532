"""The full-text index over what is published, filled with what is published already."""

from django.db import migrations

from gensvar.conversations.stems import stems
from gensvar.publishing.migrations import _beginning


def fill(apps, schema_editor):
    """What the gate would show; it looks again at every reading, so a row too many shows nothing."""
    exchanges = apps.get_model("publishing", "PublicExchange").objects.filter(
        state="published", conversation__visibility="public"
    )
    sqlite = schema_editor.connection.vendor == "sqlite"
    column, value = ("rowid", "%s") if sqlite else ("exchange_id", "array_to_tsvector(%s)")
    sql = f"INSERT INTO publishing_search ({column}, words) VALUES (%s, {value})"
    with schema_editor.connection.cursor() as cursor:
        for exchange in exchanges.iterator(chunk_size=500):
            texts = exchange.texts.filter(approved=True).exclude(message__may_publish=False)
            found = stems(
                exchange.title, *texts.exclude(message__contact__protected=True).values_list("text", flat=True)
            )
            cursor.execute(sql, [exchange.pk, " ".join(found) if sqlite else found])


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial")]

    operations = [migrations.RunPython(_beginning.make_index, _beginning.drop_index), migrations.RunPython(fill, migrations.RunPython.noop)]
