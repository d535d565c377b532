"""Addresses of Wagtail's own: those that a role does not work with, or that answer with a fault, are not there.

Wagtail lets whoever enters its shell ask much of it (its API, reports, choosers). Here an address is closed unless it stands
below. Neighbour: access keeps the door of the desk's own screens.
"""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import ResolverMatch

from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.desk.access import not_here
from gensvar.desk.passing import OnceResolved

OURS: Final = "desk"  # the namespace of desk.urls
WAY_IN: Final = "wagtail_login"  # leads on to the log-in
FAULTS: Final = frozenset({"wagtailadmin_error_test"})  # fails on purpose, for anybody who asks
OPEN: Final = frozenset(
    {"wagtailadmin_sprite", "wagtailadmin_javascript_catalog", "wagtailadmin_dismissibles"}
)
"""What the shell itself asks for on every page."""
POSTS: Final = frozenset(
    {
        "wagtailadmin_explore_root",
        "wagtailadmin_explore",
        "wagtailadmin_explore_results",
        "wagtail_bulk_action",
        "wagtailadmin_pages",
        "wagtailadmin_choose_page",
        "wagtailadmin_choose_page_child",
        "wagtailadmin_choose_page_search",
        "wagtailadmin_choose_page_chosen_multiple",
        "wagtailadmin_choose_page_external_link",
        "wagtailadmin_choose_page_email_link",
        "wagtailadmin_choose_page_phone_link",
        "wagtailadmin_choose_page_anchor_link",
        "wagtailadmin_tag_autocomplete",
        "wagtailadmin_tag_model_autocomplete",
        "wagtailadmin_editing_sessions",
        "wagtailadmin_block_preview",
        "simple_translation",
        "wagtailembeds",
        "wagtailimages",
        "wagtailimages_chooser",
        "wagtailsnippets",
        "wagtailsnippets_publishing_series",
        "wagtailsnippets_publishing_source",
        "wagtailsnippetchoosers_publishing_series",
        "wagtailsnippetchoosers_publishing_source",
    }
)
"""What those who write posts work with; Wagtail then asks for its own permissions. By namespace, or by name without one."""
LONGEST: Final = 18  # digits of an id that a database can hold


class NoGaps(OnceResolved):
    """Answers "not there" (404) for what a role does not work with, and for a chosen thing whose id is no number.

    A stranger is sent to the log-in by Wagtail; a superuser, who runs the installation, finds all of it.
    """

    def resolved(self, request: HttpRequest, match: ResolverMatch) -> HttpResponseBase | None:
        """The desk's own page that says so, to who may be in it, where that is closed to them or would end in a fault.

        Raises Http404 for anybody else: they get the page that the public gets.
        """
        if not request.path_info.startswith("/desk/") or not _is_closed(request, match):
            return None
        if isinstance(request.user, User) and request.user.has_perm("wagtailadmin.access_admin"):
            return not_here(request)
        raise Http404


def _is_closed(request: HttpRequest, match: ResolverMatch) -> bool:
    """Whether that is nothing which this log-in works with, or would end in a fault."""
    user = request.user
    if match.url_name in FAULTS or (isinstance(user, User) and not _works_with(user, match)):
        return True
    if match.url_name == "chosen":
        return not _is_id(str(match.kwargs.get("pk", "")))
    return match.url_name == "chosen_multiple" and not all(map(_is_id, request.GET.getlist("id")))


def _works_with(user: User, match: ResolverMatch) -> bool:
    """Whether the address is the desk's own, whose screens know who may open them, or one of Wagtail's for this user."""
    key = match.namespaces[0] if match.namespaces else match.url_name
    if key in (OURS, WAY_IN) or key in OPEN or user.is_superuser:
        return True
    return key in POSTS and user.may(May.WRITE_POSTS)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST
