"""Log-in, log-out, password and second factor; nobody signs up by themselves, and addresses are changed by administrators."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import include, path, re_path


def closed(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """What allauth offers and we do not. Always raises Http404."""
    raise Http404("There is no such page here.")


urlpatterns = [
    re_path(r"^(?:signup|email|confirm-email|login/code)/(?P<rest>.*)$", closed),
    path("", include("allauth.account.urls")),
    path("tva-steg/", include("allauth.mfa.urls")),
]
