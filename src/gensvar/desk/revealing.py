"""The page that shows once where a protected person is reached: the answer to a button, kept by no cache, at no address.

Neighbour: answers.protected gives the number or the postal address, and writes who saw it.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST

from gensvar.answers.protected import reveal
from gensvar.conversations import queries
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.place import Place


@require_POST
@needs(May.ANSWER)
def phone(request: HttpRequest, number: str) -> HttpResponseBase:
    """Show it to who may answer and see contacts. Raises Http404 where there is nothing to show."""
    user = user_of(request)
    conversation = queries.get_visible(user, number)
    found = reveal(conversation, by=user)
    if not found:
        raise Http404
    back = Place.read(request.GET).url_of(conversation.number)
    context = {"found": found, "conversation": conversation, "back": back}
    response = render(request, "desk/revealed.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response
