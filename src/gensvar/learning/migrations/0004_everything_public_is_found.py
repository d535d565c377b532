"""Outcomes, experiments and surveys stand in the index of publishing; outcomes had a column that was read row by row."""

from django.db import migrations

from gensvar.publishing.migrations import _further

OUTCOME, EXPERIMENT, SURVEY = 3, 8, 9


def fill(apps, schema_editor):
    public = {
        name: apps.get_model("learning", name).objects.filter(state="published")
        for name in ("Outcome", "Experiment", "Survey")
    }
    for one in public["Outcome"].prefetch_related("steps").iterator(chunk_size=200):
        steps = (step.words for step in one.steps.all() if step.published_at is not None)
        _further.keep(schema_editor, OUTCOME, one.pk, [one.title, one.said, *steps])
    for one in public["Experiment"].prefetch_related("lines").iterator(chunk_size=200):
        told = (line.words for line in one.lines.all())
        texts = [one.title, one.tries, one.why, one.known_by, one.result, *told]
        _further.keep(schema_editor, EXPERIMENT, one.pk, texts)
    for one in public["Survey"].select_related("form").iterator(chunk_size=200):
        asked = (words for each in one.form.questions.all() for words in (each.words, each.words_en))
        # In the order of their words: that of their rows could tell who wrote which.
        written = sorted(one.texts.filter(state="released").values_list("shown", flat=True))
        texts = [one.form.title, one.form.title_en, *asked, *written]
        _further.keep(schema_editor, SURVEY, one.pk, texts)


class Migration(migrations.Migration):
    dependencies = [("learning", "0003_surveys"), ("publishing", "0025_everything_public_is_found")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveField(model_name="outcome", name="found_by"),
    ]
