"""Log-in by address, only while access lasts, and the refusal that every service uses."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

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
