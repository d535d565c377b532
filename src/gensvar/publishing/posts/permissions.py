"""Who may do what with a post, by the roles of core and not by Wagtail's groups alone. Neighbour: models."""

from __future__ import annotations

from typing import Any, cast

from wagtail.models import PagePermissionTester

from gensvar.core.models import User
from gensvar.core.roles import May, Role
from gensvar.publishing.posts import guest_bylines


class PostPermissionTester(PagePermissionTester):
    """Wagtail's own, narrowed: access that ended, external people, and what was public once and so is never deleted."""

    permissions: set[str]

    def __init__(self, user: User, page: Any) -> None:
        super().__init__(user, page)
        if user.is_active and not user.is_superuser:
            self.permissions = {one for one in self.permissions if self._allowed(user, one)}

    @staticmethod
    def _allowed(user: User, permission: str) -> bool:
        if permission == "publish":
            return user.may(May.PUBLISH)
        if permission == "change":
            return user.may(May.PUBLISH)
        return user.may(May.WRITE_POSTS)

    def can_submit_for_moderation(self) -> bool:
        """External people only draft: somebody of the municipality sends it on."""
        if Role.EXTERNAL in cast(User, self.user).roles:
            return False
        return bool(super().can_submit_for_moderation())

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Only what was never public; the rest is withdrawn, with a reason (law 6). Holds for superusers too."""
        if self.page.depth == 2 or not getattr(self.page, "may_vanish", True):
            return False
        return bool(super().can_delete(ignore_bulk=ignore_bulk))

    def can_copy(self) -> bool:
        """Not what a guest wrote: the copy would say their words without their name and without their yes."""
        return bool(super().can_copy()) and guest_bylines.of(self.page.pk) is None

    def can_move(self) -> bool:
        """A post stays where its address is."""
        return False

    def can_set_view_restrictions(self) -> bool:
        """What is published is for everybody."""
        return False
