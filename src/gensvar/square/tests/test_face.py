"""The face holds whatever colour is chosen, weighs little, and lacks nothing that a page asks of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from gensvar.square import face
from gensvar.square.colours import CLEAR, DARK, LIGHT, SHAPE, TEXT, NoColour, contrast, scale

SQUARE = Path(face.__file__).parent
A_COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
KINDS = ("background-tinted", "surface-tinted", "surface-hover", "surface-active")


@pytest.fixture(autouse=True)
def _made_anew() -> Iterator[None]:
    face.sheet.cache_clear()
    face.arms.cache_clear()
    yield
    face.sheet.cache_clear()
    face.arms.cache_clear()


@given(A_COLOUR)
def test_whatever_colour_is_chosen_every_step_can_be_read(chosen: str) -> None:
    for steps, own in zip(scale(chosen), (LIGHT, DARK), strict=True):
        grounds = (*own, *(steps[kind] for kind in KINDS))
        for text, ratio in (("text-subtle", TEXT), ("text-default", CLEAR)):
            assert min(contrast(steps[text], ground) for ground in grounds) >= ratio
        for border, ratio in (("border-default", SHAPE), ("border-strong", TEXT)):
            assert min(contrast(steps[border], ground) for ground in own) >= ratio
        for base in ("base-default", "base-hover", "base-active"):
            assert contrast(steps["base-contrast-default"], steps[base]) >= TEXT
            assert min(contrast(steps[base], ground) for ground in own) >= SHAPE
        assert contrast(steps["base-contrast-subtle"], steps["base-default"]) >= TEXT


def test_what_is_no_colour_is_refused() -> None:
    with pytest.raises(NoColour):
        scale("snow-ish")


def test_the_sheet_holds_every_part_of_the_design_system_that_our_pages_use() -> None:
    sheet = face.sheet().data.decode()
    used = {
        name
        for template in [*SQUARE.rglob("*.html"), SQUARE / "templates" / "500.html"]
        for classes in re.findall(r'class="([^"]*)"', template.read_text())
        for name in re.findall(r"(?<![\w-])ds-[a-z-]+", classes)
    }
    assert len(used) > 10
    assert {name for name in used if not re.search(rf"\.{name}(?![\w-])", sheet)} == set()
    assert len(brotli.compress(face.sheet().data)) < 25_000


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/skriv", "/fragor", "/har-finns-vi", "/sok", "/om", "/en/"])
def test_a_page_weighs_less_than_a_hundred_kilobytes_with_all_that_it_asks_for(
    client: Client, path: str
) -> None:
    page = client.get(path).content.decode()
    asked = set(re.findall(r'(?:src|href)="(/(?:static|utseende|vapen)/[^"]+)"', page))
    assert sum("/utseende/" in address for address in asked) == 1
    weight = len(brotli.compress(page.encode()))
    for address in asked:
        answer: Any = client.get(address)
        assert answer.status_code == 200, address
        data = b"".join(answer.streaming_content) if answer.streaming else answer.content
        weight += len(data) if address.endswith(".woff2") else len(brotli.compress(data))
    assert weight < 100_000


@pytest.mark.django_db
def test_the_municipalitys_own_arms_and_colour_are_shown_and_a_script_in_them_is_run_by_nobody(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    before = client.get("/").content.decode()
    settings.GENSVAR_COLOUR = "#7a1040"
    settings.GENSVAR_ARMS = str(tmp_path / "arms.svg")
    Path(settings.GENSVAR_ARMS).write_text(
        "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    )
    face.sheet.cache_clear()
    face.arms.cache_clear()
    page = client.get("/").content.decode()
    for kind in ("utseende", "vapen"):
        (now,) = set(re.findall(rf'"(/{kind}/[^"]+)"', page))
        assert now not in before
        answer = client.get(now)
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Content-Type"] == "image/svg+xml"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"#7a1040" in client.get(re.findall(r'"(/utseende/[^"]+)"', page)[0]).content
    (old,) = set(re.findall(r'"(/utseende/[^"]+)"', before))
    assert client.get(old).status_code == 404
