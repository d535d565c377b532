"""Log-in by address, only while access lasts: an external person's ends on its date by itself."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser

from gensvar.core.models import User


class AccessBackend(ModelBackend):
    """Django's own backend, asked also whether today is within the log-in's time."""

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        """Whether this log-in may be used today; asked at log-in and at every request."""
        return isinstance(user, User) and super().user_can_authenticate(user) and user.has_access
