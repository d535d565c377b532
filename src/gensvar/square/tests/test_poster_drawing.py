"""What the pictures look like: every title within its margins, in colours that can be read, in the right direction."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageColor

from gensvar.square.colours import CLEAR, TEXT, contrast, luminance
from gensvar.square.posters import drawing, letters, lines
from gensvar.square.posters.drawing import MARGIN, TITLE, Words
from gensvar.square.posters.letters import SERIF

LONG = "Översvämningsskyddsåtgärdsprogramsamordningsgruppens handläggningstidsförkortningsprojektrapport"
ARABIC = "متى تُزال الثلوج من شارعنا في Norrvik عند 06:30؟"
WITHOUT_FRIBIDI = """
import sys
from gensvar.square.posters import drawing, letters
arabic, name, snow = (drawing.draw(drawing.Words(title, "Nyheter", "Norrvik")) for title in (sys.argv[1], "Norrvik", "Snö"))
print(letters.SHAPED, arabic == name, snow != name)
"""
HOSTILE = (
    "",
    " ",
    "W" * 255,
    "i" * 255,
    "Långsam trafik vid korsningen " * 8,
    LONG,
    "ord-" * 60,
    "س" * 255,
    ARABIC * 5,
    "🎉🏊‍♀️👩‍👩‍👧",
    "Simhall 🎉 öppnar",
    "a\u0300\u0301\u0302\u0303\u0304" * 40,
    "\u202eabc\u202c \u0000\u0007\ufffe \ud800",
    "我们的城市",
    "\u3164\u115f\u034f",
    '<script>alert(1)</script> & "citat" \' {{ settings }}',
    "\u0651\u0651\u0651",
    "ﷺ﷽" * 60,
)


@pytest.fixture(autouse=True)
def _made_anew() -> Iterator[None]:
    drawing.arms.cache_clear()
    yield
    drawing.arms.cache_clear()


def pixels(title: str, kind: str = "Nyheter", municipality: str = "Norrvik") -> Image.Image:
    with Image.open(io.BytesIO(drawing.draw(Words(title, kind, municipality)))) as picture:
        assert picture.format == "PNG"
        return picture.convert("RGB")


def inked(picture: Image.Image, box: tuple[int, int, int, int]) -> tuple[int, int, int, int] | None:
    """Where something is drawn within that part, as it lies in the whole picture."""
    part = picture.crop(box)
    paper = Image.new("RGB", part.size, picture.getpixel((600, 20)))
    found = ImageChops.difference(part, paper).convert("L").point(lambda value: 255 * (value > 40)).getbbox()
    return (found[0] + box[0], found[1] + box[1], found[2] + box[0], found[3] + box[1]) if found else None


def title_of(picture: Image.Image) -> tuple[int, int, int, int] | None:
    return inked(picture, (drawing.EDGE + 1, 110, drawing.WIDTH - drawing.EDGE - 1, 499))


@pytest.mark.parametrize("title", HOSTILE, ids=lambda title: repr(title[:12]).replace("\x00", ""))
def test_whatever_the_title_is_the_picture_is_whole_and_within_its_margins(title: str) -> None:
    picture = pixels(title)
    assert picture.size == (1200, 630)
    found = title_of(picture)
    assert found, "a title that cannot be drawn leaves the municipality's name"
    assert found[0] >= MARGIN - 12
    assert found[2] <= drawing.WIDTH - MARGIN + 12


@hypothesis(max_examples=60, deadline=None)
@given(st.text(max_size=255))
def test_no_text_breaks_the_setting_and_every_line_fits(text: str) -> None:
    shown = letters.drawable(text, SERIF)
    if shown:
        block = lines.fit(shown, TITLE)
        assert len(block.lines) * block.line <= TITLE.height + len(block.lines)
        for line in block.lines:
            assert letters.width(line, block.size) <= TITLE.width + 2


def said(block: lines.Block) -> list[str]:
    """The lines as a reader from left to right meets them."""
    return ["".join(run.text for run in line) for line in block.lines]


def test_short_titles_are_large_and_long_ones_smaller() -> None:
    sizes = [
        lines.fit(title, TITLE).size for title in ("Snö", "Snö på Storgatan " * 5, "Snö på Storgatan " * 12)
    ]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 3
    assert min(sizes) >= 40


def test_a_long_word_breaks_where_a_syllable_may_begin_and_loses_nothing() -> None:
    block = lines.fit(LONG, TITLE)
    assert block.whole
    assert len(block.lines) > 2
    assert "".join(said(block)).replace("-", "").replace(" ", "") == LONG.replace(" ", "")
    broken = [line for line in said(block) if line.endswith("-")]
    assert broken
    assert all(line[-2].isalpha() for line in broken)
    slashed = lines.fit("gata/" * 40, TITLE)
    assert all(line.endswith("/") for line in said(slashed))


def test_what_does_not_fit_ends_in_an_ellipsis_after_a_whole_word() -> None:
    block = lines.fit("Handläggningstidsförkortning " * 10, TITLE)
    assert not block.whole
    assert said(block)[-1].endswith("Handläggningstidsförkortning…")
    assert said(lines.fit("W" * 255, TITLE))[-1].endswith("W…")


def test_signs_that_no_typeface_has_are_left_out_and_foreign_letters_leave_the_name() -> None:
    assert letters.drawable("Simhall 🎉 öppnar 🏊‍♀️ nu", SERIF) == "Simhall öppnar nu"
    assert letters.drawable("a\u202eb\u2066c\x07", SERIF) == "abc"
    assert letters.drawable("a" + "\u0323\u0324\u0325\u0326", SERIF) is not None
    assert letters.drawable("我们的城市", SERIF) is None
    assert letters.drawable("Привет", SERIF) is None
    assert letters.drawable("Łódź, Čáhcesuolu, Đorđe", SERIF) == "Łódź, Čáhcesuolu, Đorđe"
    assert pixels("我们的城市").tobytes() == pixels("Привет").tobytes() != pixels("Snö").tobytes()


@pytest.mark.skipif(not letters.SHAPED, reason="this Pillow has no raqm, which joins Arabic letters")
def test_arabic_is_joined_stands_to_the_right_and_keeps_latin_and_numbers_in_order() -> None:
    picture = pixels(ARABIC, "أخبار")
    found = title_of(picture)
    assert found
    assert found[2] >= drawing.WIDTH - MARGIN - 12
    assert picture.getpixel((drawing.WIDTH - 2, 300)) == picture.getpixel((drawing.WIDTH - 10, 300))
    assert picture.getpixel((2, 300)) == picture.getpixel((60, 300)), (
        "the edge of colour is on the other side"
    )
    joined = letters.font(letters.SERIF[2], 80)
    assert joined.getlength("سسس", direction="rtl") < 3 * joined.getlength("س", direction="rtl")
    order = [(run.text.strip(), run.from_right) for run in letters.runs(ARABIC, SERIF, from_right=True)]
    words = [text for text, _from_right in order if text]
    assert words.index("06:30") < words.index("Norrvik"), "what is read first stands further to the right"
    assert ("06:30", False) in order
    assert ("Norrvik", False) in order


@pytest.mark.skipif(not letters.SHAPED, reason="this Pillow has no raqm, which joins Arabic letters")
def test_an_arabic_word_within_swedish_keeps_its_own_direction() -> None:
    order = letters.runs("Vi säger سلام عليكم 24/7 till alla", SERIF, from_right=False)
    assert [run.from_right for run in order if any("\u0600" < one < "\u06ff" for one in run.text)] == [True]
    assert order[0].text.startswith("Vi")
    assert order[-1].text.endswith("alla")


def test_without_fribidi_arabic_is_not_drawn_apart_but_the_name_stands(tmp_path: Path) -> None:
    """In a process that finds no fribidi, without which Pillow's raqm does nothing; many a server has none."""
    (tmp_path / "libfribidi.so.0").touch()  # the loader looks here first, and cannot read it
    told = subprocess.run(
        [sys.executable, "-c", WITHOUT_FRIBIDI, ARABIC],
        env=os.environ
        | {"LD_LIBRARY_PATH": str(tmp_path), "DJANGO_SETTINGS_MODULE": "gensvar.config.settings"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert told.split() == ["False", "True", "True"]


@pytest.mark.parametrize("colour", ["#1f5d4c", "#ffff00", "#000000", "#ffffff", "#d43d1a", "rebeccapurple"])
def test_whatever_colour_is_chosen_the_words_can_be_read(colour: str, settings: Any) -> None:
    settings.GENSVAR_COLOUR = colour
    picture = pixels("Så plogar vi")
    paper = picture.getpixel((600, 20))
    assert paper == ImageColor.getrgb("#faf6ee")

    def darkest(box: tuple[int, int, int, int]) -> str:
        part = picture.crop(box)
        seen = part.getcolors(part.width * part.height) or []
        return min(("#" + bytes(one).hex() for _many, one in seen if isinstance(one, tuple)), key=luminance)

    assert contrast(darkest((MARGIN, 110, 1100, 490)), "#faf6ee") >= CLEAR
    assert contrast(darkest((MARGIN, 50, 1100, 105)), "#faf6ee") >= TEXT


@pytest.mark.parametrize("kind", ["png", "webp"])
def test_the_coat_of_arms_is_drawn_where_it_is_a_picture_or_one_stands_beside_it(
    kind: str, tmp_path: Path, settings: Any
) -> None:
    place = (MARGIN, 515, MARGIN + 80, 620)
    svg = tmp_path / "vapen.svg"
    svg.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    settings.GENSVAR_ARMS = str(svg)
    assert drawing.arms() is None
    without = pixels("Snö")
    Image.new("RGBA", (900, 1000), (200, 30, 40, 255)).save(tmp_path / f"vapen.{kind}")
    for name in ("vapen.svg", f"vapen.{kind}"):
        settings.GENSVAR_ARMS = str(tmp_path / name)
        drawing.arms.cache_clear()
        found = inked(pixels("Snö"), place)
        assert found
        assert found[3] - found[1] >= 80
    assert without.tobytes() != pixels("Snö").tobytes()


def test_the_made_up_coat_of_arms_stands_in_the_picture() -> None:
    shield = drawing.arms()
    assert shield
    assert shield.size[1] == drawing.ARMS[1]


def test_the_same_words_give_the_same_bytes_and_others_do_not() -> None:
    words = Words("Så plogar vi", "Nyheter", "Norrvik")
    assert drawing.draw(words) == drawing.draw(words)
    others = {
        drawing.draw(Words(*one))
        for one in (("Så", "Nyheter", "Norrvik"), ("Så", "Svar", "Norrvik"), ("Så", "Svar", "Ås"))
    }
    assert len(others) == 3


def test_of_the_longest_words_only_a_beginning_is_looked_at() -> None:
    long = ("ﷺ" * 5000, "Nyheter " * 500, "Upplands-Väsby " * 500)
    data = drawing.draw(Words(*long))
    assert data == drawing.draw(Words(*(one[: drawing.LOOKED_AT] for one in long)))
    assert len(data) < 300_000
