"""What Wagtail asks of every app; here: how links in a text lead to our pages, and which pictures can be chosen."""

from __future__ import annotations

from typing import Any

from wagtail import hooks

from gensvar.publishing.posts.links_within import ShownPageLinks


@hooks.register("construct_image_chooser_queryset")
def leave_guests_pictures_where_they_are(images: Any, request: Any) -> Any:
    """A guest gave a picture for one text, and says yes to that one: no other post's writer chooses it."""
    return images.filter(guest_picture=None)


@hooks.register("register_rich_text_features", order=10)
def lead_to_what_is_shown(features: Any) -> None:
    """After Wagtail's own, and instead of it."""
    features.register_link_type(ShownPageLinks)
