"""What editors of posts need beside the page editor: sources and series, kept for ever, and the ways to all of it.

Wagtail's own lists and forms serve them (desk.wagtail_hooks registers these); neighbours: publishing.posts, desk.menu.
"""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.snippets.views.snippets import SnippetViewSet

from gensvar.core.roles import May
from gensvar.desk.access import needs
from gensvar.publishing.posts.models import PostsHome, Series, Source


class SourceViewSet(SnippetViewSet):
    """Texts of others that we answer or quote."""

    model = Source
    icon = "openquote"
    list_display: ClassVar = ["title", "kind", "medium", "writer", "date"]
    list_filter: ClassVar = ["kind", "medium"]
    panels: ClassVar = [
        FieldPanel("title"),
        FieldPanel("kind"),
        FieldPanel("medium"),
        FieldPanel("writer"),
        FieldPanel("date"),
        FieldPanel("url"),
        FieldPanel("quote"),
        MultiFieldPanel(
            [FieldPanel("answers"), FieldPanel("answers_post")],
            heading=_("What it answers"),
            help_text=_("Then both are shown as one, oldest first."),
        ),
    ]
    search_fields: ClassVar = ["title", "medium", "writer"]


class SeriesViewSet(SnippetViewSet):
    """Posts that belong together."""

    model = Series
    icon = "list-ol"
    list_display: ClassVar = ["name", "name_en", "slug"]
    panels: ClassVar = [FieldPanel("name"), FieldPanel("name_en"), FieldPanel("slug")]
    search_fields: ClassVar = ["name", "name_en"]


VIEW_SETS = (SourceViewSet, SeriesViewSet)


@needs(May.WRITE_POSTS)
def posts(_request: HttpRequest) -> HttpResponse:
    """The posts of the reader's own language, in Wagtail's list."""
    language = (get_language() or "sv").partition("-")[0]
    homes: QuerySet[PostsHome] = PostsHome.objects.select_related("locale").order_by("pk")
    home = next((one for one in homes if one.locale.language_code == language), homes[0])
    return redirect("wagtailadmin_explore", home.pk)


@needs(May.WRITE_POSTS)
def sources(_request: HttpRequest) -> HttpResponse:
    """All sources."""
    return redirect(reverse("wagtailsnippets_publishing_source:list"))


@needs(May.PUBLISH)
def series(_request: HttpRequest) -> HttpResponse:
    """All series."""
    return redirect(reverse("wagtailsnippets_publishing_series:list"))
