"""What Wagtail asks of every app; here: how links in a text lead to our pages."""

from __future__ import annotations

from typing import Any

from wagtail import hooks

from gensvar.publishing.posts.links_within import ShownPageLinks


@hooks.register("register_rich_text_features", order=10)
def lead_to_what_is_shown(features: Any) -> None:
    """After Wagtail's own, and instead of it."""
    features.register_link_type(ShownPageLinks)
