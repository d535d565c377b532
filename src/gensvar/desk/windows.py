"""One draft open in two windows: what a page says of the draft that it shows, and what is answered when another was before it.

Neighbours: answers.drafts and answers.wordings keep both texts; writing and first ask here.
"""

from __future__ import annotations

import secrets
from typing import Any, Final

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from gensvar.answers import wordings
from gensvar.answers.errors import ChangedElsewhere
from gensvar.answers.models import Draft
from gensvar.conversations import cleaning
from gensvar.core import times
from gensvar.core.ids import row_id

CHOICES: Final = ("use", "join", "drop")


def shown(request: HttpRequest, draft: Draft | None) -> dict[str, Any]:
    """What the form carries: the version that it shows and the page's own mark; and the wordings of other windows."""
    return {
        "version": draft.version if draft is not None else 0,
        "window": _window(request) or secrets.token_urlsafe(9),
        "other_wordings": list(draft.other_wordings.all()) if draft is not None else [],
    }


def said_by(request: HttpRequest) -> dict[str, Any]:
    """The version and the mark that a form came with; a form without them replaces what is there."""
    version = request.POST.get("version", "")
    known = version.isascii() and version.isdecimal() and len(version) < 9
    return {"version": int(version) if known else None, "window": _window(request)}


def kept_aside(request: HttpRequest, refusal: ChangedElsewhere) -> JsonResponse:
    """The answer to a page that saves while one types (409): its text is kept beside the draft."""
    if refusal.draft is not None:
        wordings.keep_aside(refusal.draft, _window(request), request.POST.get("text", ""))
    return JsonResponse({"conflict": _told(refusal)}, status=409)


def put_first(request: HttpRequest, refusal: ChangedElsewhere, act: str) -> str:
    """Let what was posted be the draft, with the other window's words beside it; gives the sentence that says so."""
    if refusal.draft is not None:
        wordings.put_first(refusal.draft, _window(request), request.POST.get("text", ""))
    told = _told(refusal)
    return " ".join([_("Nothing was sent."), told]) if act == "send" else told


def chosen(draft: Draft, act: str) -> Draft:
    """Do what the button of another wording says; any other button changes nothing."""
    how, _dash, pk = act.partition("-")
    if how not in CHOICES or not row_id(pk):
        return draft
    return wordings.choose(draft, row_id(pk), how)


def files_changed(request: HttpRequest, draft: Draft) -> str:
    """Why a draft must not go out yet: other files lie beside it than its writer saw or sends along; else nothing."""
    if "files_seen" not in request.POST:
        return ""
    seen = set(request.POST["files_seen"].split())
    along = {(cleaning.filename(file.name or ""), file.size) for file in request.FILES.getlist("files")}
    beside = {str(file.pk): (file.filename, file.size) for file in draft.files.all()}
    if seen <= set(beside) and all(beside[pk] in along for pk in set(beside) - seen):
        return ""
    return _("The files beside this draft were changed in another window. Look at them and send again.")


def _told(refusal: ChangedElsewhere) -> str:
    if refusal.draft is None:
        return str(refusal)
    words = _(
        "This draft was changed in another window at %(time)s. Both texts are kept: choose which one holds."
    )
    return words % {"time": times.brief(refusal.draft.updated_at)}


def _window(request: HttpRequest) -> str:
    return request.POST.get("window", "")[:20]
