"""The icons of the shell: asked for once by a browser, and anew when they are others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail.admin.icons import get_icon_sprite_url

if TYPE_CHECKING:
    from django.test import Client


def test_a_browser_keeps_the_icons_that_its_page_asked_for_and_no_others(client: Client, db: None) -> None:
    address = get_icon_sprite_url()
    kept, other = client.get(address), client.get(f"{address}0")
    assert kept.content == other.content
    assert b'<symbol id="icon-mail"' in kept.content
    assert "immutable" in kept["Cache-Control"]
    assert "no-store" in other["Cache-Control"]
