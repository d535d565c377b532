"""Looking again at the same loading of a page finds all that judging it whole each time finds, and what no rule sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import looks
from tests.looks import EVERY, Look

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

# Each fault shows itself in one kind of look alone.
FAULTY = """<!doctype html><html lang=sv dir={way}><title>Test</title><style>
body {{ background: #fff; color: #111; margin: 1rem; font: 1rem/1.5 sans-serif }}
#link {{ color: #05a; text-decoration: underline }}
#less, #more {{ display: block; padding: 0; border: 0; height: 2rem; width: 4rem; font-size: .7rem }}
#later {{ display: none }}
#cut {{ height: 24px; overflow: hidden }}
#over, #under {{ position: absolute; top: 20px; left: 16px }} #under {{ left: 48px }}
#fixed {{ font-size: 16px }}
#tall {{ font: 600 1.35rem/1.1 "Noto Sans Arabic" }} #below {{ font: .875rem/1.3 "Noto Sans Arabic" }} /* its lines: two letters high */
[dir=rtl] #turned {{ color: #bbb }} [dir=rtl] #gone {{ position: absolute; right: -30px; top: 50px }}
@media (prefers-color-scheme: dark) {{
  body {{ background: #111; color: #eee }} #dark {{ color: #333 }} #link {{ color: #ddd; text-decoration: none }}
  #turned {{ color: #eee }} }}
@media (max-width: 400px) {{ #less, #more {{ height: 10px }} #later {{ display: block }} #wide {{ width: 400px }} }}
@media (max-width: 400px) and (prefers-color-scheme: dark) {{ #both {{ color: #333 }} }}
</style><body><header><p id=over>Ett</p><p id=under>Två</p></header><main style="padding-top: 5rem"><h1>Hej</h1>
<p id=dark>Mörkt</p><p id=both>Mörkt och smalt</p><p id=turned>Åt andra hållet</p><p id=gone>Utanför</p>
<p>Många ord om något annat, och <a id=link href=x>en länk</a> mitt i dem.</p>
<button id=less>Mindre</button><button id=more>Mer</button><img id=later src=x><p id=wide>Brett</p>
<div><div id=tall>Norrvik</div><div id=below>المحادثة المفتوحة</div></div><p id=cut>En rad</p><p id=fixed>Växer inte</p></main></html>"""
DARK, NARROW, BOTH = Look("dark", 1280), Look("light", 320), Look("dark", 320)
RULES = {
    (DARK, "color-contrast", "#dark"),
    (DARK, "link-in-text-block", "#link"),
    (NARROW, "target-size", "#less"),
    (NARROW, "target-size", "#more"),
    (NARROW, "image-alt", "#later"),
    (BOTH, "color-contrast", "#both"),
}
LARGE = Look("dark", 1280, 200)
LAID_OUT = {
    (LARGE, "cut off", "cut"),
    (LARGE, "letters of 16 pixels", "fixed"),
    (LARGE, "words on words", "over"),
    (NARROW, "wider than the screen", ""),
}

# Colours that are good on the first page, and on the second in one place, and not in four others.
GOOD = """<!doctype html><html lang=sv><title>Test</title><style>
body {{ background: #fff; color: #111; font: 1rem/1.5 sans-serif }} .grey {{ color: #888 }} #big {{ font-size: 2rem }}
#ground {{ background: #333 }} #pale {{ opacity: .3 }} #box {{ position: relative; height: 3rem }}
#box div {{ position: absolute; inset: 0; background: #222 }} #over {{ position: absolute; inset: 0 }}
</style><body><main><h1>Hej</h1><p>Svart</p><p class=grey id=big>Stort</p>{more}</main></html>"""
WORSE = """<p class=grey id=small>Litet</p><div id=ground><p id=dim>Dunkelt</p></div><p id=pale>Blekt</p>
<div id=box><div></div><p id=over>Mot en låda</p></div>"""


def test_colours_that_were_good_are_asked_again_where_they_lie_otherwise(page: Page) -> None:
    page.set_content(GOOD.format(more=""))
    onlooker = looks.Onlooker(page)
    assert onlooker.at(EVERY[:1])[0].broken == []
    page.set_content(GOOD.format(more=WORSE))
    found = {(one.rule, one.element) for one in onlooker.at(EVERY[:1])[0].broken}
    assert found == {("color-contrast", f"#{one}") for one in ("small", "dim", "pale", "over")}


def test_a_way_past_the_menu_is_judged_where_it_is_seen(page: Page) -> None:
    hidden = "<style>#skip { position: absolute; top: -90px } #skip:focus { top: 0 }</style><a id=skip class=grey href=#big>Hoppa</a>"
    page.set_content(
        GOOD.format(
            more=f"{hidden}<style>@media (prefers-color-scheme: dark) {{ #skip {{ color: #777 }} }}</style>"
        )
    )
    onlooker = looks.Onlooker(page)
    assert onlooker.at(EVERY[:1])[0].broken == []
    page.emulate_media(color_scheme="dark")
    asked = page.evaluate("looks.look(false, [], []).then((said) => said.asked)")
    assert asked == 0
    page.locator("#skip").focus()
    assert [(one.rule, one.element) for one in onlooker.at(EVERY[:1])[0].broken] == [
        ("color-contrast", "#skip")
    ]


@pytest.mark.parametrize("way", ["ltr", "rtl"])
def test_later_looks_find_all_that_whole_ones_find(page: Page, way: str) -> None:
    page.set_content(FAULTY.format(way=way))
    onlooker = looks.Onlooker(page)
    found = onlooker.at()
    once: dict[tuple[str, str], Look] = {}
    for seen in found:
        for one in seen.broken:
            once.setdefault((one.rule, one.element), seen.look)
    whole: dict[tuple[str, str], Look] = {}
    for look in EVERY:
        page.evaluate("looks.forget()")
        for one in onlooker.at([look])[0].broken:  # one look alone is the first, and asks every rule
            whole.setdefault((one.rule, one.element), look)
    assert once == whole
    turned = {(EVERY[0], "color-contrast", "#turned")} if way == "rtl" else set()
    assert {(look, *what) for what, look in once.items()} == RULES | turned
    for look, fault, element in LAID_OUT:
        seen_at = [
            seen.look
            for seen in found
            for said in seen.laid_out
            if fault in said and (not element or f'id="{element}"' in said)
        ]
        assert seen_at[:1] == [look], (fault, found[2].laid_out)
    assert any("gone" in said for said in found[0].laid_out) == (way == "rtl")
    assert not [said for seen in found for said in seen.laid_out if "tall" in said]
