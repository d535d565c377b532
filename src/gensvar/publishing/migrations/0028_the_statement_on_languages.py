"""The statement that came with Gensvar says what is so since words of unknown language are told by their small words.

Only where nobody has written another. A town's own version is published by the town: its desk says that the two differ.
"""

from django.db import migrations
from django.utils import timezone

from gensvar.publishing.migrations._beginning import FAILURES

BEFORE = {"what": FAILURES[1][1], "what_en": FAILURES[1][2]}  # who bettered one of them keeps both
NOW = {
    "what": "Ord på ett annat språk än sidans är utmärkta där vi känner språket, eller där orden själva visar att de är på svenska, "
    "engelska eller arabiska. Några få ord, och ord på andra språk, kan sakna märkning.",
    "what_en": "Words in another language than the page are marked where the language is known, or where the words themselves show "
    "that they are in Swedish, English or Arabic. A few words alone, and words in other languages, may lack the mark.",
}
NOTE = "Ord på svenska, engelska och arabiska känns igen"


def say_what_is_so(apps, schema_editor):
    failures = apps.get_model("publishing", "Failure").objects.filter(**BEFORE, mended_on=None)
    if not failures.update(**NOW):
        return
    versions = apps.get_model("publishing", "StatementVersion").objects.order_by("-number")
    newest = versions.first()
    if newest is None or newest.number != 1 or newest.published_by_id is not None:
        return
    told = [one | NOW if BEFORE.items() <= one.items() else one for one in newest.content["failures"]]
    content = newest.content | {"failures": told}
    if apps.get_model("core", "User").objects.exists():  # somebody may have read the first
        versions.create(number=2, published_at=timezone.now(), note=NOTE, content=content)
    else:
        versions.filter(pk=newest.pk).update(content=content)


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0027_guests_pictures_apart'),
        ('core', '0006_playbooks'),
    ]

    operations = [migrations.RunPython(say_what_is_so, migrations.RunPython.noop)]
