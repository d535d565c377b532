"""What residents wrote about a post is kept by year, slug and language too, as the comments below it (0031).

Where two posts shared an address, a word in the other language is about that one, if it was there already.
"""

from django.conf import settings
from django.db import migrations

FIRST = settings.LANGUAGE_CODE
NAMED = "^[^/0-9]+/"  # a language in front of the year


def name_languages(apps, schema_editor):
    words = apps.get_model("publishing", "WordAbout").objects.filter(on_kind="post")
    posts = apps.get_model("publishing", "Post").objects.filter(first_published_at__isnull=False)
    for key in sorted(set(words.values_list("on_key", flat=True))):
        year, _slash, slug = key.partition("/")
        if not year.isdecimal() or not slug:
            continue
        there = posts.filter(slug=slug, first_published_at__year=int(year)).order_by("pk")
        since = dict(there.values_list("locale__language_code", "first_published_at"))
        for language in sorted(since.keys() - {FIRST}):
            about = words.filter(on_key=key)
            if FIRST in since:
                about = about.filter(message__language=language, message__at__gte=since[language])
            about.update(on_key=f"{language}/{key}")


def name_no_languages(apps, schema_editor):
    """The other way, as in 0031: a version before this one would find no page that they are about."""
    words = apps.get_model("publishing", "WordAbout").objects
    for one in words.filter(on_kind="post", on_key__regex=NAMED):
        one.on_key = one.on_key.partition("/")[2]
        one.save(update_fields=["on_key"])


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0031_comments_in_their_language'),
    ]

    operations = [migrations.RunPython(name_languages, name_no_languages)]
