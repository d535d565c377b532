"""Whose an old blog becomes; its imports wait until Django is ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from gensvar.publishing.wordpress.making import Choices


@pytest.fixture
def choices(db: None) -> Choices:
    from gensvar.contactpoints.models import ContactPoint
    from gensvar.people.models import Function
    from gensvar.publishing.wordpress.making import Choices

    function = Function.objects.create(slug="ledning", name="Kommunledningen")
    place = ContactPoint.objects.create(
        channel="web", address="skriv", name="Skriv till oss", function=function, state="live"
    )
    return Choices(function=function, place=place)
