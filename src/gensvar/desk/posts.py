"""What editors of posts need beside the page editor: sources and series, kept for ever, and the ways to all of it.

Wagtail's own lists and forms serve them (desk.wagtail_hooks registers these); neighbours: publishing.posts, desk.menu.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.snippets.views.snippets import SnippetViewSet

from gensvar.core import languages
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.publishing.guests import yeses
from gensvar.publishing.posts import leaning, pictures
from gensvar.publishing.posts.models import Post, PostsHome, Series, Source
from gensvar.publishing.services import NotPublishable


class SourceForm(WagtailAdminModelForm):
    """Whoever may not publish writes what their own draft leans on, and nothing that the public reads at once."""

    def clean(self) -> dict[str, Any]:
        """What stands in public is refused as it was and as it would be: taken out of a chain it changes that too."""
        super().clean()
        cleaned: dict[str, Any] = self.cleaned_data
        if self.for_user is None or not self.for_user.may(May.PUBLISH):
            before = Source.objects.filter(pk=self.instance.pk).first()
            after = Source(
                pk=self.instance.pk,
                answers=cleaned.get("answers"),
                answers_post=cleaned.get("answers_post"),
            )
            if any(leaning.read_by_all(one) for one in (before, after) if one is not None):
                self.add_error(
                    None,
                    gettext(
                        "Everybody reads this at once, in a post that is public. Ask somebody who publishes to save it. "
                        "Nothing was changed."
                    ),
                )
        return cleaned


class SourceViewSet(SnippetViewSet):
    """Texts of others that we answer or quote."""

    model = Source
    icon = "openquote"
    list_display: ClassVar = ["title", "kind", "medium", "writer", "date"]
    list_filter: ClassVar = ["kind", "medium"]
    edit_handler = ObjectList(
        [
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
        ],
        base_form_class=SourceForm,
    )
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
    language = languages.here()
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


def withdraw(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Wagtail's "unpublish" of a post: withdrawn with the reason that its form asks for, or not at all (law 6)."""
    if not isinstance(page, Post):
        return None
    try:
        yeses.withdraw(page, request.POST.get("reason", ""), by=user_of(request))
    except NotPublishable as refusal:
        messages.error(request, str(refusal))
        return redirect("wagtailadmin_pages:unpublish", page.pk)
    messages.success(
        request, gettext("“%(title)s” is withdrawn and shown no longer.") % {"title": page.title}
    )
    return redirect("wagtailadmin_explore", page.get_parent().pk)


def say_what_is_left_out(request: HttpRequest, page: Any) -> None:
    """After Wagtail published a post: its editor hears of a picture that could not be read and so is not shown."""
    if not isinstance(page, Post):
        return
    for image in pictures.left_out(page.pk, page.body):
        said = gettext("The picture “%(title)s” cannot be read and is not shown. Choose it anew.")
        messages.warning(request, said % {"title": image.title})


def refuse_in_bulk(
    request: HttpRequest, action: str, objects: Iterable[Any], _view: Any
) -> HttpResponse | None:
    """Withdrawing takes a reason for each post, and sources and series are never deleted."""
    found = list(objects)
    if action == "unpublish" and any(isinstance(one.specific, Post) for one in found):
        messages.error(
            request, gettext("Withdraw the posts one by one: each with its reason. Nothing was changed.")
        )
        return redirect("wagtailadmin_explore", found[0].get_parent().pk)
    if action == "delete" and any(isinstance(one, Source | Series) for one in found):
        return refuse_deletion(request, found)
    return None


def refuse_deletion(request: HttpRequest, instances: Iterable[Any]) -> HttpResponse | None:
    """What posts quote, answer or belong to stays."""
    if not any(isinstance(one, Source | Series) for one in instances):
        return None
    messages.error(
        request, gettext("Sources and series are kept: posts may lean on them. Nothing was deleted.")
    )
    return redirect("desk:sources")
