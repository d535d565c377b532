"""Wagtail's own forms of log-ins, which only a superuser reaches: what our own screens refuse of roles, they refuse too.

Neighbours: managing.people has the screens that everybody else works with, config.wagtail_apps puts these in place.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import ModelForm
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import UserViewSet

from gensvar.core.roles import EXTERNAL_ALONE, Role, go_together


class _Roles:
    """Groups of the names of roles are roles."""

    cleaned_data: dict[str, Any]

    def clean_groups(self) -> Any:
        """Those that are ticked. Raises ValidationError for External beside another role."""
        groups = self.cleaned_data["groups"]
        known = {role.value for role in Role}
        if not go_together({Role(group.name) for group in groups if group.name in known}):
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
