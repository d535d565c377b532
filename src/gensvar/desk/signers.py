"""Says to editors of a post that somebody who signs it may not speak in our name at its time, while there is time to change it.

Neighbours: publishing.posts.in_time knows, desk.wagtail_hooks shows it in Wagtail's editor, the calendar says it too.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
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
    if scheduled(page.pk) is not None:
        _warn(request, page)
    elif not page.live and page.latest_revision is not None:
        for who in in_time.who_is_silent([page.latest_revision]).values():
            messages.warning(
                request, _("Signs this and may not speak in our name today: %(who)s.") % {"who": who}
            )


def after_publishing(request: HttpRequest, page: Any) -> None:
    """Hook after the editor's button showed a post or set its time: it follows, and the same is said at once."""
    if isinstance(page, Post):
        page.follow_publishing()
        _warn(request, page)


def _warn(request: HttpRequest, post: Post) -> None:
    wording = scheduled(post.pk)
    who = in_time.who_is_silent([wording]) if wording is not None else {}
    for one in who.values():
        messages.warning(request, not_then(one))
