"""“Was this an answer?”: yes or no without a cookie or an account, and a word that may follow; neighbour: publishing.about."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gensvar.core import commits
from gensvar.publishing import gate
from gensvar.publishing.about import verdicts
from gensvar.square import guards, limits, subjects
from gensvar.square.exchanges import address_of
from gensvar.square.headers import for_one

OF_ONE: Final = 3  # presses from one network for one exchange in ten minutes: a household, a school's library
OFTEN: Final = 10  # one network may press so many times fewer than it may write


@csrf_exempt  # a page that is the same for all holds no token; guards looks at where the press came from
@require_http_methods(["GET", "HEAD", "POST"])
@for_one
def verdict(request: HttpRequest, number: str) -> HttpResponse:
    """A press is counted and thanked for; the page that thanks has a field for what was missing."""
    found = gate.find(number)
    if found is None:
        raise Http404
    if request.method != "POST":
        said = request.GET.get("svar", "")
        if said not in subjects.VERDICTS:
            return redirect(address_of(found))
        return render(request, "square/judged.html", {"exchange": found, "verdict": said})
    said = request.POST.get("verdict", "")
    if said not in subjects.VERDICTS or not guards.comes_from_here(request):
        raise Http404
    try:
        if _too_often(request, number):
            return _refuse(
                request, _("Many have pressed from your network in a short while. Wait ten minutes."), 429
            )
        with transaction.atomic():  # so that it is known of an error whether it may have been counted
            verdicts.count(found.key, answered=said == "yes")
    except DatabaseError as error:
        return _refuse(request, _not_counted(error), 503)
    response = redirect(f"{request.path}?svar={said}")
    response.status_code = 303
    return response


def _too_often(request: HttpRequest, number: str) -> bool:
    most = max(1, settings.GENSVAR_FORM_LIMIT // OFTEN)
    return limits.too_many(request, f"verdict {number}", OF_ONE) or limits.too_many(request, "verdict", most)


def _not_counted(error: DatabaseError) -> str:
    if commits.is_uncertain(error):
        return _("The line broke in the moment of counting, so nobody knows whether you are counted.")
    return _("We cannot count right now, so nothing was counted. Try again in a few minutes.")


def _refuse(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    return render(request, "square/not_counted.html", {"sentence": sentence}, status=status)
