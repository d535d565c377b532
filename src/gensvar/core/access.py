"""Log-in by address, only while access lasts, and the refusal that every service uses."""

from __future__ import annotations

import functools
from typing import Any, TypeGuard

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, Permission
from django.core.exceptions import PermissionDenied

from gensvar.core import prepared
from gensvar.core.models import User
from gensvar.core.roles import May


class NotAllowed(PermissionDenied):
    """This person may not do that; nothing was changed."""


def require(user: User, permission: May) -> None:
    """Raise NotAllowed unless the user holds the permission today."""
    if not user.may(permission):
        raise NotAllowed(f"This needs the permission “{permission}”.")


class AccessBackend(ModelBackend):
    """Django's own backend, asked also whether today is within the log-in's time."""

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        """Whether this log-in may be used today; asked at log-in and at every request."""
        return isinstance(user, User) and super().user_can_authenticate(user) and user.has_access

    def get_user_permissions(self, user_obj: User | AnonymousUser, obj: Any = None) -> set[str]:
        """What the log-in was given itself, as Django answers it."""
        return (
            _given("user", user_obj)
            if _asks_plainly(user_obj, obj)
            else super().get_user_permissions(user_obj, obj)
        )

    def get_group_permissions(self, user_obj: User | AnonymousUser, obj: Any = None) -> set[str]:
        """What its groups give, as Django answers it."""
        if _asks_plainly(user_obj, obj):
            return _given("group__user", user_obj)
        return super().get_group_permissions(user_obj, obj)


def _asks_plainly(user: User | AnonymousUser, about: Any) -> TypeGuard[User]:
    """Whether the answer is what stands in the tables, and not nothing or everything."""
    return isinstance(user, User) and user.is_active and not user.is_superuser and about is None


def _given(how: str, user: User) -> set[str]:
    return {f"{app}.{name}" for app, name in prepared.rows(_permissions(how), user.pk)}


@functools.cache
def _permissions(how: str) -> prepared.Statement:
    asked = Permission.objects.filter(**{how: prepared.ANYBODY}).order_by()
    return prepared.statement(asked.values_list("content_type__app_label", "codename"))
