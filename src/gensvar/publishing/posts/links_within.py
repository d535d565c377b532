"""Links in a post's text that lead to another page of ours: as long as that page may be seen (law 5). Neighbour: gate.

Wagtail's own show the address, and so the words in it, of what was withdrawn or never published.
"""

from __future__ import annotations

from typing import Any

from django.utils.html import escape
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from gensvar.publishing.posts import gate
from gensvar.publishing.posts.models import Post


class ShownPageLinks(PageLinkHandler):
    """Where the page may not be seen its words stand without a link."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        """The opening tag of each; one reading more than Wagtail's."""
        pages = [page.localized if page is not None else None for page in cls.get_many(attrs_list)]
        shown = gate.shown_among(page.pk for page in pages if isinstance(page, Post))
        return [_opening(page, shown) for page in pages]


def _opening(page: Page | None, shown: set[int]) -> str:
    if page is None or not page.url:
        return "<a>"
    seen = page.pk in shown if isinstance(page, Post) else page.live
    return f'<a href="{escape(page.url)}">' if seen else "<a>"
