"""What is made into SQL once answers as Django does that makes it anew."""

from __future__ import annotations

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission

from gensvar.core.access import AccessBackend
from gensvar.core.models import User
from gensvar.core.roles import Role


@pytest.mark.django_db
def test_a_log_in_may_what_django_says_that_it_may_and_no_other_what_it_may() -> None:
    plain, gone, root, other = (
        User.objects.create_user(
            f"{name}@norrvik.example", is_active=name != "gone", is_superuser=name == "root"
        )
        for name in ("plain", "gone", "root", "other")
    )
    given = Permission.objects.get(content_type__app_label="core", codename="view_user")
    for user in (plain, gone, root):
        user.groups.set(Group.objects.filter(name__in=[Role.EDITOR, Role.COORDINATOR]))
        user.user_permissions.add(given)
    for user in (plain, gone, root, other):
        ours, djangos = AccessBackend(), ModelBackend()
        assert ours.get_all_permissions(user) == djangos.get_all_permissions(User.objects.get(pk=user.pk))
        assert ours.get_user_permissions(user) == djangos.get_user_permissions(User.objects.get(pk=user.pk))
        assert ours.get_all_permissions(user, obj=given) == set()
    assert "core.view_user" in plain.get_all_permissions()
    assert plain.roles == frozenset({Role.EDITOR, Role.COORDINATOR})
    assert other.roles == frozenset()
