"""What stands under a post is kept by year, slug and language: a translation often has the slug of its original.

Where only one post had that address everything below goes with it. Where two shared it, a comment that was written on the
other language's pages once that post was there is its own, with what replies to it; both stay closed where one was.
"""

from django.conf import settings
from django.db import migrations

FIRST = settings.LANGUAGE_CODE
NAMED = "^[^/0-9]+/"  # a language in front of the year


def name_languages(apps, schema_editor):
    Comment = apps.get_model("publishing", "Comment").objects.filter(on_kind="post")
    Closed = apps.get_model("publishing", "CommentsClosed").objects.filter(on_kind="post")
    keys = {*Comment.values_list("on_key", flat=True), *Closed.values_list("on_key", flat=True)}
    posts = apps.get_model("publishing", "Post").objects.filter(first_published_at__isnull=False)
    for key in sorted(keys):
        year, _slash, slug = key.partition("/")
        if not year.isdecimal() or not slug:
            continue
        there = posts.filter(slug=slug, first_published_at__year=int(year)).order_by("pk")
        since = dict(there.values_list("locale__language_code", "first_published_at"))
        shared = FIRST in since
        for language in sorted(since.keys() - {FIRST}):
            below, shut = Comment.filter(on_key=key), Closed.filter(on_key=key).first()
            if shared:
                tops = below.filter(
                    parent=None, message__language=language, came_at__gte=since[language]
                ).values_list("pk", flat=True)
                tops = list(tops)
                below = below.filter(pk__in=tops) | below.filter(parent__in=tops)
            below.update(on_key=f"{language}/{key}")
            if shut is not None:
                Closed.get_or_create(
                    on_kind="post", on_key=f"{language}/{key}", defaults={"at": shut.at, "by_id": shut.by_id}
                )
        if since and not shared:
            Closed.filter(on_key=key).delete()


def name_no_languages(apps, schema_editor):
    """The other way: a version before this one would show none of these comments, and would open what was closed.

    Who goes forward again gets the comments where the rule above lays them, not where each was written since.
    """
    for one in apps.get_model("publishing", "Comment").objects.filter(on_kind="post", on_key__regex=NAMED):
        one.on_key = one.on_key.partition("/")[2]
        one.save(update_fields=["on_key"])
    Closed = apps.get_model("publishing", "CommentsClosed").objects
    for one in Closed.filter(on_kind="post", on_key__regex=NAMED):
        said = {"at": one.at, "by_id": one.by_id}
        Closed.get_or_create(on_kind="post", on_key=one.on_key.partition("/")[2], defaults=said)
        one.delete()


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0030_guests_pictures_untold'),
    ]

    operations = [migrations.RunPython(name_languages, name_no_languages)]
