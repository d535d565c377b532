"""Which page says that something broke: of a full disk it is known that nothing was kept."""

from __future__ import annotations

import errno

import pytest
from django.test import RequestFactory

from gensvar.config import faults


@pytest.mark.parametrize(("number", "status"), [(errno.ENOSPC, 503), (errno.EPIPE, 500)])
def test_what_a_full_disk_does_not_take_is_given_back_but_of_another_fault_nobody_can_say_so(
    number: int, status: int
) -> None:
    try:
        raise OSError(number, "")
    except OSError:
        answer = faults.broken(RequestFactory().post("/skriv", {"text": "Snön ligger kvar."}))
        assert faults.broken(RequestFactory().get("/")).status_code == status
    assert answer.status_code == status
    assert ("Snön ligger kvar." in answer.content.decode()) == (status == 503)
