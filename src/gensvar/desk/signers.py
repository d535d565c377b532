"""Says to editors of a post that somebody who signs it may not speak in our name at its time, while there is time to change it.

Neighbours: publishing.posts.in_time knows, desk.wagtail_hooks shows it in Wagtail's editor, desk.middleware asks before a post is
approved from a list and desk.publishing_many before many are published, the calendar says it too.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from gensvar.core import clock, times
from gensvar.publishing.plans.services import scheduled
from gensvar.publishing.posts import in_time
from gensvar.publishing.posts.models import Post


def in_editor(request: HttpRequest, page: Any) -> None:
    """Hook of the page editor: says above the form of a post that it is held, or who signs it and may not speak."""
    if request.method != "GET" or not isinstance(page, Post):
        return
    if found := in_time.held(page.pk):
        leave = format_html(
            '<a href="{}">{}</a>', reverse("desk:calendar"), _("To the calendar, to leave it")
        )
        messages.warning(request, format_html("{} {}", str(found[0]), leave))
        return
    warn_of_its_time(request, page.pk)
    for said in _silent([page.pk]).values():
        messages.warning(request, said)


def after_publishing(request: HttpRequest, page: Any) -> None:
    """Hook after the editor's button showed a post or set its time: it follows, and the same is said at once."""
    if isinstance(page, Post):
        page.follow_publishing()
        warn_of_its_time(request, page.pk)


def before_approving(request: HttpRequest, page_id: int) -> HttpResponse | None:
    """Where a post would be approved past the editor: leads there, to what the editor says of who signs it; None where nothing is.

    Wagtail's script, which asks for the form of a comment, is told in its own words where to go.
    """
    if page_id not in unread([page_id]):
        return None
    messages.info(
        request, _("Nothing is approved yet. Read who signs this; you can still approve it here then.")
    )
    editor = reverse("wagtailadmin_pages:edit", args=[page_id])
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return JsonResponse({"step": "success", "redirect": editor})
    return redirect(editor)


def unread(pages: Collection[int]) -> dict[int, str]:
    """Of these pages (ids): what nobody should show a post without having read: that it is held, or who signs its newest wording
    and may not speak today. A few queries, however many; what has a time to come is said by its time."""
    said = _silent(pages)
    for one in in_time.held():
        if one.post.pk in pages:
            waits = _("It was to go public %(time)s and is held.") % {"time": times.said(one.due_at)}
            said[one.post.pk] = f"{waits} {said.get(one.post.pk, '')}".strip()
    return said


def _silent(pages: Collection[int]) -> dict[int, str]:
    now = clock.now()
    newest = [
        one.latest_revision
        for one in Post.objects.select_related("latest_revision").filter(pk__in=pages)
        if one.latest_revision and (one.latest_revision.approved_go_live_at or now) <= now
    ]
    silent = in_time.who_is_silent(newest, by_their_time=False)
    said = _("Signs this and may not speak in our name today: %(who)s.")
    return {int(one.object_id): said % {"who": silent[one.pk]} for one in newest if one.pk in silent}


def warn_of_its_time(request: HttpRequest, page_id: int) -> None:
    """Say who signs the wording that has a time, and may not speak then."""
    wording = scheduled(page_id)
    if wording is None:
        return
    for who in in_time.who_is_silent([wording]).values():
        said = _(
            "“%(title)s” will not go public by itself at its time: %(who)s may not speak in our name that day. Let somebody "
            "sign it who may, or choose an earlier time."
        )
        messages.warning(request, said % {"title": wording.content["title"], "who": who})
