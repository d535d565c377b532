"""A handover gives a place to nobody who would get nothing that comes there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gensvar.core.roles import Role
from gensvar.desk.tests.scene import Town
from gensvar.people.handover.plan import plan_of
from gensvar.people.tests.factories import user_of
from tests.leaver import prepared, town_with_a_leaver
from tests.scenes import Scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(scenes: Scenes) -> Iterator[Town]:
    with scenes.meet(town_with_a_leaver) as town:
        yield town


def test_who_has_no_role_that_answers_takes_no_place_over(town: Town) -> None:
    handover = prepared(town)
    assert {part.holding.kind: part.refused for part in plan_of(handover).parts}["owned"] == 0
    user_of(town.robin).hold({Role.REGISTRAR})
    assert {part.holding.kind: part.refused for part in plan_of(handover).parts}["owned"] == 1
