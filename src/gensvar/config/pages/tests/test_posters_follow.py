"""The pictures of passed-on pages are kept as pages are: asked for again by their ETag, and gone at once with their page."""

from __future__ import annotations

import re

import pytest

from gensvar.config.pages.tests.scene import Web, exchange_address
from gensvar.publishing import services
from gensvar.publishing.tests.scene import stage

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_picture_is_kept_tells_when_it_still_holds_and_goes_with_its_page(web: Web) -> None:
    staged = stage()
    exchange = staged.publish()
    found = re.search(r'og:image" content="[a-z]+://[^/]+(/[^"]+)"', web.get(exchange_address(exchange)).text)
    assert found
    first = web.get(found[1], accept_encoding="br")
    made = len(web.asked)
    again = web.get(found[1], "utm_source=nagon", accept_encoding="br")
    assert first.body == again.body
    assert first.body.startswith(b"\x89PNG")
    assert "Content-Encoding" not in first.headers
    assert web.get(found[1], if_none_match=first.headers["ETag"]).status == 304
    assert len(web.asked) == made, "Django made it once"
    services.withdraw(exchange, "Fel", by=staged.editor)
    assert web.get(found[1], if_none_match=first.headers["ETag"]).status == 410
