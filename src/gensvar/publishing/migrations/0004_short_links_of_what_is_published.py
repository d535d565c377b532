"""What was published before there were short links gets its own."""

from django.db import migrations
from django.utils import timezone

from gensvar.publishing.short_links import new_code


def give(apps, schema_editor):
    link = apps.get_model("publishing", "ShortLink")
    have = set(link.objects.values_list("code", flat=True))
    exchanges = apps.get_model("publishing", "PublicExchange").objects.filter(state="published")
    made = []
    for number in exchanges.values_list("number", flat=True).iterator():
        while (code := new_code()) in have:
            pass
        have.add(code)
        made.append(link(code=code, kind="exchange", key=number, made_at=timezone.now()))
    link.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0003_changes_and_short_links")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
