"""Roles: deny first, external narrows, access ends by itself."""

from __future__ import annotations

import datetime as dt
import importlib

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group
from wagtail.models import GroupApprovalTask, GroupCollectionPermission, Workflow

from gensvar.core import clock
from gensvar.core.access import NotAllowed, require
from gensvar.core.models import AuditEntry, User
from gensvar.core.roles import LABELS, PERMISSIONS, May, Role, permissions_of

pytestmark = pytest.mark.django_db


def person(*roles: Role, **fields: object) -> User:
    user = User.objects.create_user("kim@norrvik.example", "ett långt lösenord", **fields)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def test_every_role_has_permissions_a_label_and_a_group() -> None:
    assert set(PERMISSIONS) == set(LABELS) == set(Role)
    assert set(Group.objects.values_list("name", flat=True)) == set(Role)


def test_without_a_role_nothing_is_allowed() -> None:
    user = person()
    assert not any(user.may(permission) for permission in May)


def test_a_superuser_flag_gives_nothing_in_the_desk() -> None:
    assert not User.objects.create_superuser("root@norrvik.example", "ett långt lösenord").may(May.READ_ALL)


def test_administrators_do_not_read_conversations() -> None:
    assert not permissions_of(frozenset({Role.ADMINISTRATOR})) & {May.READ_OWN, May.READ_ALL, May.ANSWER}


def test_external_narrows_every_other_role() -> None:
    assert permissions_of(frozenset({Role.EXTERNAL, Role.COORDINATOR})) == PERMISSIONS[Role.EXTERNAL]


def test_older_log_ins_keep_external_alone_and_the_log_keeps_what_they_had() -> None:
    user = person(Role.EXTERNAL, Role.EDITOR, Role.ADMINISTRATOR)
    other = User.objects.create_user("bo@norrvik.example")
    other.hold({Role.EDITOR, Role.REGISTRAR})
    importlib.import_module("gensvar.core.migrations.0007_external_alone").stand_alone(apps, None)
    assert User.objects.get(pk=user.pk).roles == {Role.EXTERNAL}
    assert User.objects.get(pk=other.pk).roles == {Role.EDITOR, Role.REGISTRAR}
    noted = AuditEntry.objects.get()
    assert noted.target_id == str(user.pk)
    assert noted.details == {"roles": ["external"], "taken": ["administrator", "editor"]}


def test_access_ends_after_its_last_day() -> None:
    user = person(Role.EXTERNAL, access_until=clock.today())
    assert user.may(May.ANSWER)
    assert authenticate(username="KIM@norrvik.example", password="ett långt lösenord") == user
    with clock.moved(dt.timedelta(days=1)):
        assert not user.may(May.ANSWER)
        assert authenticate(username="kim@norrvik.example", password="ett långt lösenord") is None
        with pytest.raises(NotAllowed):
            require(user, May.ANSWER)


def test_the_same_address_in_another_case_is_the_same_log_in() -> None:
    person()
    assert User.objects.get_by_natural_key("KIM@Norrvik.example").email == "kim@norrvik.example"


def test_what_migrations_gave_to_each_role_is_the_same_whatever_their_order() -> None:
    """Wagtail's own give rights to the groups that they find, so ours say who may choose pictures and documents."""
    kinds = ("choose_image", "choose_document")
    may = GroupCollectionPermission.objects.filter(permission__codename__in=kinds)
    among_all = may.exclude(collection__name="Gästers bilder")
    given = sorted(among_all.values_list("group__name", "permission__codename"))
    assert given == sorted((role.value, kind) for role in Role for kind in kinds)
    assert set(Group.objects.values_list("name", flat=True)) == {role.value for role in Role}
    assert Workflow.objects.count() == GroupApprovalTask.objects.count() == 1
