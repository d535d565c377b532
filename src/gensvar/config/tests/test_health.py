"""What a check finds without a process of its own."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from gensvar.config import health
from gensvar.core.seals import seal
from gensvar.desk.second_factor import PURPOSE
from gensvar.people.tests.factories import make_user


@pytest.mark.django_db
@pytest.mark.one_database
def test_a_secret_key_that_is_not_of_these_data_is_found(settings: Any) -> None:
    assert health._key() == []
    data = {"secret": seal("x", PURPOSE)}
    Authenticator.objects.create(user=make_user(), type=Authenticator.Type.TOTP, data=data)
    assert [one.state for one in health._key()] == ["well"]
    settings.SECRET_KEY = "of another backup"
    (found,) = health._key()
    assert found.state == "bad"
    assert "GENSVAR_SECRET_KEY_FALLBACKS" in found.advice
