"""What holds for every screen behind a log-in: the person's own language, a second factor where the role asks, the policy."""

from __future__ import annotations

from typing import Final

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import ResolverMatch
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.users.models import UserProfile

from gensvar.core.models import User
from gensvar.core.roles import Role
from gensvar.desk import signers, unsent
from gensvar.desk.passing import OnceResolved, PassesOn, Respond

STAFF_PATHS: Final = ("/desk/", "/konto/")
WITHOUT_LOG_IN: Final = ("/desk/login/", "/desk/logout/", "/desk/password_reset/")
NEED_SECOND_FACTOR: Final = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR, Role.REGISTRAR})

EMPTY: Final = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"  # of no bytes at all


class EmptyStyles:
    """Allows the desk a style element with nothing in it: Wagtail's text editor makes one, and shell.js keeps it empty."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add to the policy of the desk's pages, and of no other."""
        response = self.get_response(request)
        if request.path_info.startswith("/desk/") and not hasattr(response, "_csp_update"):
            response._csp_update = {"style-src": [EMPTY]}  # type: ignore[attr-defined]  # read by django-csp
        return response


class OwnLanguage:
    """Speaks the person's language in the desk; strangers at the log-in page are answered in their browser's.

    Wagtail asks its own profile for a language: it is given ours, so that there is only one answer.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Activate the language for this request only."""
        if not request.path_info.startswith(STAFF_PATHS):
            return self.get_response(request)
        user = request.user
        if isinstance(user, User):
            profile = UserProfile.get_for_user(user)
            profile.preferred_language = user.language
            user.wagtail_userprofile = profile  # type: ignore[attr-defined]
            language = user.language
        else:
            language = staff_language(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers["Content-Language"] = language
        return response


def staff_language(request: HttpRequest) -> str:
    """The language of a browser whose person is not known: one that the desk speaks, else Swedish."""
    wanted = translation.get_language_from_request(request)
    return wanted if wanted in dict(settings.GENSVAR_STAFF_LANGUAGES) else settings.LANGUAGE_CODE


def _is_form(request: HttpRequest) -> bool:
    """Whether a browser sent a form by itself, so that the answer is what its person sees; a page's scripts have their own."""
    by_script = request.headers.get("HX-Request") or request.headers.get("X-Requested-With")
    return request.method == "POST" and not by_script


class LoggedOut:
    """Gives back what whoever has been logged out meanwhile sends; a redirect to the log-in would lose every word of it.

    A page's own scripts are answered as before: they say it where one writes.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer such a post here, whether one of our screens or one of Wagtail's would have taken it."""
        if (
            _is_form(request)
            and request.path_info.startswith(unsent.DESK)
            and not request.path_info.startswith(WITHOUT_LOG_IN)
            and not isinstance(request.user, User)
        ):
            return unsent.logged_out(request)
        return self.get_response(request)


class WhyNotShown(PassesOn):
    """Says in words why a post could not become public where Wagtail asks no form: approved from a list, say."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Back to the post, with what the post itself said; nothing was changed."""
        match = request.resolver_match
        if not isinstance(exception, ValidationError) or match is None:
            return None
        page = match.kwargs.get("page_id")
        if "wagtailadmin_pages" not in match.namespaces or page is None:
            return None
        for sentence in exception.messages:
            messages.error(request, sentence)
        return redirect("wagtailadmin_pages:edit", page)


class WhoSigns(OnceResolved):
    """Lets nobody approve a post from a list unread that somebody signs who may not speak: the editor says so first."""

    def resolved(self, request: HttpRequest, match: ResolverMatch) -> HttpResponseBase | None:
        """To the editor, where that is so. Strangers go to the log-in, as Wagtail has it."""
        approves = (
            match.view_name == "wagtailadmin_pages:workflow_action"
            and match.kwargs.get("action_name") == "approve"
        )
        if not approves or not isinstance(request.user, User):
            return None
        return signers.before_approving(request, match.kwargs["page_id"])


class SecondFactor:
    """Lets those who can change or read much into the desk only with a second factor."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Send who lacks a second factor to the page where it is set up; what they sent themselves is given back."""
        user = request.user
        if (
            settings.GENSVAR_REQUIRE_MFA
            and request.path_info.startswith("/desk/")
            and not request.path_info.startswith(("/desk/jsi18n/", "/desk/sprite/", "/desk/logout/"))
            and isinstance(user, User)
            and (user.is_superuser or user.roles & NEED_SECOND_FACTOR)
            and not is_mfa_enabled(user)
        ):
            if _is_form(request):
                return unsent.lacks_second_factor(request)
            messages.info(request, _("Your role needs a second factor. Set it up here; then the desk opens."))
            return redirect("mfa_activate_totp")
        return self.get_response(request)
