"""Two editors on one post: whoever saves over the words of another is told so, and where these are kept.

Wagtail tells it in the editor while there is time, and stops its autosave; a quick press of a button comes before that.
Neighbour: desk.wagtail_hooks.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.models import Revision

MEANWHILE = "gensvar_saved_meanwhile"


def notice(request: HttpRequest, page: Any) -> None:
    """Before an editor's form is taken: keep in mind what another saved since it was opened."""
    newest: Revision | None = page.latest_revision
    mine = request.POST.get("overwrite_revision_id") or request.POST.get("loaded_revision_id")
    if newest is not None and mine and mine != str(newest.pk) and newest.user_id != request.user.pk:
        setattr(request, MEANWHILE, newest)


def tell(request: HttpRequest, page: Any) -> None:
    """After it was saved, handed in or published: say it, with a link to both wordings."""
    other: Revision | None = getattr(request, MEANWHILE, None)
    if other is None:
        return
    delattr(request, MEANWHILE)
    who = str(getattr(other.user, "person", other.user) or _("Somebody"))
    said = _("%(who)s saved this too while you wrote, and yours now stands above it. Both are kept.")
    messages.warning(
        request,
        format_html(
            '{} <a href="{}">{}</a>',
            said % {"who": who},
            reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, other.pk, "latest"]),
            _("See what differs"),
        ),
    )
