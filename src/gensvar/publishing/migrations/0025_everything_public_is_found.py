"""The full-text index of comments, appearances and all that other rooms show, filled with the comments and appearances there are."""

from django.db import migrations

from gensvar.publishing.migrations import _further

COMMENT, APPEARANCE = 5, 7
CALLED = {
    "interview": "intervju interview",
    "talk": "föredrag talk",
    "visit": "besök visit",
    "meeting": "möte på annat håll meeting outside",
}


def fill(apps, schema_editor):
    comments = apps.get_model("publishing", "Comment").objects.filter(state="shown", message__may_publish=True)
    for one in comments.select_related("message").prefetch_related("answers").iterator(chunk_size=200):
        answers = (answer.text for answer in one.answers.all() if answer.shown)
        _further.keep(schema_editor, COMMENT, one.pk, [one.message.text, *answers])
    appearances = apps.get_model("publishing", "Appearance").objects.filter(withdrawn_at=None)
    for one in appearances.prefetch_related("earlier").iterator(chunk_size=200):
        earlier = (part for was in one.earlier.all() for part in (was.place, was.reason))
        _further.keep(schema_editor, APPEARANCE, one.pk, [f"{one.place} {CALLED[one.kind]}", *earlier])


class Migration(migrations.Migration):
    dependencies = [("publishing", "0024_appearances_are_told")]

    operations = [
        migrations.RunPython(_further.make_index, _further.drop_index),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
