"""The icons of Wagtail's shell, which every page of the desk asks for: 65 kB that a browser keeps while they are these."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe
from wagtail.admin.icons import get_icon_sprite_hash
from wagtail.admin.views.home import sprite

FOREVER: Final = "public, max-age=31536000, immutable"


@require_safe
def icons(request: HttpRequest) -> HttpResponse:
    """As Wagtail gives them; kept by nobody where the address was made for others, by a version before or after this one."""
    response: HttpResponse = sprite(request)
    if request.GET.get("h") == get_icon_sprite_hash():
        response["Cache-Control"] = FOREVER
    else:
        add_never_cache_headers(response)
    return response
