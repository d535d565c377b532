"""The door of the desk: who may open which screen, and what one reads when one may not. Every view of desk.urls passes here."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, Final, ParamSpec, cast
from urllib.parse import quote

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import never_cache
from wagtail.log_actions import LogContext

from gensvar.core.access import NotAllowed
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.desk import unsent
from gensvar.people.models import Person
from gensvar.people.queries import person_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
LEADS_ON: Final = ("desk", "desk-conversation")  # what composer.js lets go only once the words are kept
READING = (May.READ_OWN, May.READ_ALL)


def user_of(request: HttpRequest) -> User:
    """The log-in behind the request; only for views behind `inside`."""
    return cast(User, request.user)


def speaker(request: HttpRequest) -> Person:
    """The person who speaks. Raises NotAllowed for a log-in without one: every word has a person behind it."""
    found = person_of(user_of(request))
    if found is None:
        raise NotAllowed("This log-in belongs to no person, and every word needs one.")
    return found


def may_any(user: User, permissions: tuple[May, ...]) -> bool:
    """Whether the user holds at least one of the permissions today."""
    return any(user.may(permission) for permission in permissions)


def needs(*permissions: May) -> Callable[[View[P]], View[P]]:
    """Let in only who holds one of the permissions; everyone else reads the refusal (403)."""

    def decorate(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not may_any(user_of(request), permissions):
                raise NotAllowed("No role of this log-in gives that.")
            return view(request, *args, **kwargs)

        guarded.needs = permissions  # type: ignore[attr-defined]  # read by the test that knows every address
        return cast(View[P], guarded)

    return decorate


def inside(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Wrap a view of the desk: log-in first; refusals and what is not there get a page of the desk's own; no cache keeps it."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User):
            return _to_log_in(request)
        try:
            if not user.has_perm("wagtailadmin.access_admin"):
                raise NotAllowed("No role gives this log-in the desk.")
            if "\0" in request.path_info:
                raise Http404
            request.GET, request.POST = _storable(request.GET), _storable(request.POST)  # type: ignore[assignment]
            with LogContext(user=user):
                return view(request, *args, **kwargs)
        except PermissionDenied as refusal:
            return _explain(request, "desk/refused.html", 403, {"reason": str(refusal)})
        except (Http404, ObjectDoesNotExist):
            return not_here(request)

    return never_cache(wrapped)


def not_here(request: HttpRequest) -> HttpResponse:
    """404 in the shell, with a way back; for who may be in the desk, whose own log-in made the page, so that no cache keeps it."""
    response = _explain(request, "desk/missing.html", 404, {})
    add_never_cache_headers(response)
    return response


def _storable(given: QueryDict) -> QueryDict:
    """The fields without the character that no text in PostgreSQL can hold; a paste from elsewhere may bring it."""
    if not any("\0" in value for values in given.lists() for value in values[1]):
        return given
    kept = QueryDict(mutable=True)
    for name, values in given.lists():
        kept.setlist(name, [value.replace("\0", "") for value in values])
    return kept


def _to_log_in(request: HttpRequest) -> HttpResponse:
    """Lead to the log-in, but for a script's question that nobody pressed, or that only adds a piece: one may be writing."""
    if request.headers.get("HX-Request") or request.headers.get("X-Requested-With"):
        response = HttpResponse(status=401)
        if request.headers.get("HX-Target") not in LEADS_ON:
            response["HX-Reswap"] = "none"
            return response
        response["HX-Redirect"] = (
            f"{reverse('account_login')}?next={quote(request.headers.get('HX-Current-URL', ''))}"
        )
        return response
    return redirect_to_login(request.get_full_path(), reverse("account_login"))


def _explain(request: HttpRequest, template: str, status: int, context: dict[str, Any]) -> HttpResponse:
    bare = bool(request.headers.get("HX-Request"))
    return render(request, template, {**context, **unsent.words(request), "bare": bare}, status=status)
