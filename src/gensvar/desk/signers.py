"""Says to editors of a post that somebody who signs it may not speak in our name at its time, while there is time to change it.

Neighbours: publishing.posts.in_time knows, desk.wagtail_hooks shows it in Wagtail's editor, desk.middleware asks before a post is
approved from a list, the calendar says it too.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gensvar.desk.calendar.moving import not_then
from gensvar.publishing.plans.services import scheduled
from gensvar.publishing.posts import in_time
from gensvar.publishing.posts.models import Post


def in_editor(request: HttpRequest, page: Any) -> None:
    """Hook of the page editor: says above the form of a post that it is held, or who signs it and may not speak."""
    if request.method != "GET" or not isinstance(page, Post):
        return
    if found := in_time.held(page.pk):
        messages.warning(request, str(found[0]))
        return
    _warn(request, page)
    for who in _silent_in_draft(page):
        messages.warning(
            request, _("Signs this and may not speak in our name today: %(who)s.") % {"who": who}
        )


def after_publishing(request: HttpRequest, page: Any) -> None:
    """Hook after the editor's button showed a post or set its time: it follows, and the same is said at once."""
    if isinstance(page, Post):
        page.follow_publishing()
        _warn(request, page)


def before_approving(request: HttpRequest, page_id: int) -> HttpResponse | None:
    """Where a post would be approved past the editor: leads there, to what the editor says of who signs it; None where nothing is.

    Wagtail's script, which asks for the form of a comment, is told in its own words where to go.
    """
    post = Post.objects.select_related("latest_revision").filter(pk=page_id).first()
    if post is None or not _silent_in_draft(post):
        return None
    messages.info(
        request, _("Nothing is approved yet. Read who signs this; you can still approve it here then.")
    )
    editor = reverse("wagtailadmin_pages:edit", args=[page_id])
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return JsonResponse({"step": "success", "redirect": editor})
    return redirect(editor)


def _silent_in_draft(post: Post) -> list[str]:
    """Who signs its newest wording and may not speak today, where that has no time of its own."""
    newest = post.latest_revision
    if newest is None or newest.approved_go_live_at is not None:
        return []
    return list(in_time.who_is_silent([newest]).values())


def _warn(request: HttpRequest, post: Post) -> None:
    wording = scheduled(post.pk)
    who = in_time.who_is_silent([wording]) if wording is not None else {}
    for one in who.values():
        messages.warning(request, not_then(one))
