"""The page that shows a protected person's number once: the answer to a button, kept by no cache and found at no address.

Neighbour: answers.protected gives the number and writes who saw it.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST

from gensvar.answers.protected import reveal_phone
from gensvar.conversations import queries
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.place import Place


@require_POST
@needs(May.ANSWER)
def phone(request: HttpRequest, number: str) -> HttpResponseBase:
    """Show the number to who may answer and see contacts. Raises Http404 where there is none to show."""
    user = user_of(request)
    conversation = queries.get_visible(user, number)
    numbers = reveal_phone(conversation, by=user)
    if not numbers:
        raise Http404
    back = Place.read(request.GET).url_of(conversation.number)
    context = {"numbers": numbers, "conversation": conversation, "back": back}
    response = render(request, "desk/revealed.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response
