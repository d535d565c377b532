"""What Wagtail asks of every app; here: how links in a text lead to our pages, and which pictures can be chosen."""

from __future__ import annotations

from typing import Any

from wagtail import hooks

from gensvar.publishing import library
from gensvar.publishing.guests.models import GuestPicture
from gensvar.publishing.posts.links_within import ShownPageLinks


@hooks.register("construct_image_chooser_queryset")
def leave_guests_pictures_where_they_are(images: Any, request: Any) -> Any:
    """A guest gave a picture for one text, and says yes to that one: no other post's writer meets it among all others.

    Who may choose it and took it out of its own post finds it by asking for its collection. By their keys, since the chooser
    may search what comes out: Wagtail's search cannot follow a relation back.
    """
    asked = request.GET.get("collection_id")
    if asked and asked == str(library.guests().pk):
        return images
    given = GuestPicture.objects.filter(image__isnull=False)
    return images.exclude(pk__in=given.values("image"))


@hooks.register("register_rich_text_features", order=10)
def lead_to_what_is_shown(features: Any) -> None:
    """After Wagtail's own, and instead of it."""
    features.register_link_type(ShownPageLinks)
