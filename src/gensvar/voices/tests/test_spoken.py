"""What was said without a tenure stays so, whatever is corrected afterwards."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from gensvar.core.roles import Role
from gensvar.people.correcting import correct_tenure
from gensvar.people.days import Days
from gensvar.people.models import Tenure
from gensvar.people.tests.factories import make_function, make_person, make_user
from gensvar.voices.models import SaidWord

pytestmark = pytest.mark.django_db


def correct(tenure: Tenure, starts: dt.date, ends: dt.date) -> None:
    seen = Days.of(Tenure.objects.get(pk=tenure.pk))
    correct_tenure(tenure, Days(starts, ends), seen=seen, reason="Fel", by=make_user(Role.ADMINISTRATOR))


def test_who_spoke_without_a_tenure_gets_none_afterwards_but_what_was_noted_once_can_come_back() -> None:
    first, last = dt.date(2024, 3, 1), dt.date(2024, 8, 31)
    kim = make_person("Kim Ek", make_function(), since=first, until=last)
    tenure = kim.tenures.get()
    word = {"person": kim, "function": tenure.function, "channel": "post", "source": "post", "words": 9}
    SaidWord.objects.create(**word, day=dt.date(2024, 2, 10), source_id=1)
    SaidWord.objects.create(**word, day=last, source_id=2)
    with pytest.raises(ValidationError, match="utan att ha"):
        correct(tenure, dt.date(2024, 2, 1), last)
    correct(tenure, dt.date(2024, 2, 11), dt.date(2024, 7, 31))
    correct(tenure, dt.date(2024, 2, 11), last)  # held when it was said, as noted then
