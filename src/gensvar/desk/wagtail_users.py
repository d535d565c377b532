"""Wagtail's own forms of log-ins, which only a superuser reaches: what our own screens refuse of roles, they refuse too.

Neighbours: managing.people has the screens that everybody else works with, config.wagtail_apps puts these in place.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import UserViewSet

from gensvar.core.models import User
from gensvar.core.roles import EXTERNAL_ALONE, Role, go_together

KNOWN = frozenset(role.value for role in Role)


class _Roles:
    """Groups of the names of roles are roles."""

    cleaned_data: dict[str, Any]

    def clean_groups(self) -> Any:
        """Those that are ticked. Raises ValidationError for External beside another role."""
        groups = self.cleaned_data["groups"]
        if not go_together({Role(group.name) for group in groups if group.name in KNOWN}):
            raise ValidationError(EXTERNAL_ALONE)
        return groups


class NewLogIn(_Roles, UserCreationForm):
    """Of a log-in that is made."""


class LogIn(_Roles, UserEditForm):
    """Of one that is changed."""


class LogIns(UserViewSet):
    """Wagtail's screens with these forms."""

    def get_form_class(self, for_update: bool = False) -> type[ModelForm[Any]]:
        """The form of its page."""
        return LogIn if for_update else NewLogIn


def refuse_in_bulk(
    request: HttpRequest, action: str, log_ins: Iterable[User], view: Any
) -> HttpResponse | None:
    """Of many log-ins at once none is given External beside another role, either."""
    if action != "assign_role" or (name := view.cleaned_form.cleaned_data["role"].name) not in KNOWN:
        return None
    if all(go_together(one.roles | {Role(name)}) for one in log_ins):
        return None
    messages.error(request, _("Whoever is external holds no other role. Nothing was changed."))
    return redirect(view.next_url)
