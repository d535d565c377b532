"""One person has one first word on the way. Where a handover that was undone left two, both texts are kept: as two wordings."""

from __future__ import annotations

from typing import Any, Final

from django.db import migrations, models
from django.db.models import Count, Q

WORDS: Final = ("text", "subject", "recipient")


def lay_together(apps: Any, schema_editor: Any) -> None:
    """The newest stays, since it is the one that was shown; an older one lies beside it with its files, and its writer chooses."""
    drafts = apps.get_model("answers", "Draft").objects.filter(conversation=None)
    more = drafts.values("person", "kind").annotate(rows=Count("pk")).filter(rows__gt=1)
    for person, kind in more.values_list("person", "kind"):
        newest, *older = drafts.filter(person=person, kind=kind).order_by("-pk")
        for draft in older:
            _lay_beside(apps, draft, newest)
        # A page that shows any of them saves over none.
        newest.version = max(one.version for one in (newest, *older)) + 1
        newest.window = ""
        newest.save(update_fields=["version", "window"])
    schema_editor.connection.check_constraints()  # PostgreSQL makes no index while rows wait to be checked


def _lay_beside(apps: Any, draft: Any, newest: Any) -> None:
    wordings = apps.get_model("answers", "OtherWording").objects
    if any(getattr(draft, name) != getattr(newest, name) for name in WORDS):
        said = [getattr(draft, name) for name in ("recipient", "subject")]
        differing = [one for one in said if one and one not in {newest.recipient, newest.subject}]
        if text := "\n\n".join([*differing, draft.text]).strip():
            wordings.create(draft=newest, window=f"two-{draft.pk}", text=text, updated_at=draft.updated_at)
    for other in wordings.filter(draft=draft):
        other.draft, other.window = newest, f"beside-{other.pk}"
        other.save(update_fields=["draft", "window"])
    apps.get_model("answers", "DraftFile").objects.filter(draft=draft).update(draft=newest)
    draft.delete()


class Migration(migrations.Migration):
    dependencies = [("answers", "0007_co_signer_and_kinds")]

    operations = [
        migrations.RunPython(lay_together, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            "draft",
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(conversation__isnull=True),
                name="one_draft_without_conversation",
            ),
        ),
    ]
