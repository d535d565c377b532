"""Judges a public page as a screen reader builds it from its HTML: headings, landmarks, names, and the language of its parts."""

from __future__ import annotations

import functools
import itertools
import re
from typing import Final

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
ALONE: Final = ("body > header", "main", "body > footer", "body > a.ds-skip-link[href='#content']")
WORDS: Final = re.compile(r"[A-Za-zÅÄÖåäöé]{2,}[^\w.:@-]+[a-zåäöé]{2,}")  # two words, the second not a name's
ISOLATED: Final = re.compile("\u2068.*?\u2069|https?:\\S+")  # names and days in a sentence of ours; addresses
Place = tuple[str, str]  # the element around, and the element
UNSAID: Final = ("script", "style", "title", "code", "textarea")  # nobody hears them, or they wrote them


def faults(page: str, *, whole: bool = True) -> list[str]:
    """What is wrong with the page; one that is not `whole` stands without our head and foot."""
    soup = _read(page)
    return [*_headings(soup), *_landmarks(soup, whole), *_names(soup), *_languages(soup)]


def title(page: str) -> str:
    """What stands on the browser's tab."""
    found = _read(page).title
    assert found is not None
    return " ".join(found.get_text().split())


def places(page: str) -> set[Place]:
    """Which elements lie in which, each known by its tag, type and classes: what a look may find new on a page."""
    body = _read(page).body
    assert body is not None
    return {(_known_by(one.parent), _known_by(one)) for one in body.find_all(True) if one.parent is not None}


def _known_by(one: Tag) -> str:
    return f"{one.name} {one.get('type', '')} {one.get('class', '')}"


@functools.lru_cache(maxsize=1)
def _read(page: str) -> BeautifulSoup:
    """Once for all that is asked of it, one after the other."""
    return BeautifulSoup(page, "html.parser")


def _headings(soup: BeautifulSoup) -> list[str]:
    found = [one for one in soup.find_all(HEADINGS) if _shown(one)]
    levels = [int(one.name[1]) for one in found]
    wrong = [f"an empty heading: {one}" for one in found if not one.get_text(strip=True)]
    if levels.count(1) != 1:
        wrong.append(f"headings of the first level: {levels}")
    wrong += [f"a level is skipped: {levels}" for one, two in itertools.pairwise(levels) if two > one + 1]
    return wrong


def _landmarks(soup: BeautifulSoup, whole: bool) -> list[str]:
    wanted = ALONE if whole else ("main",)
    wrong = [f"{len(found)} of {one}" for one in wanted if len(found := soup.select(one)) != 1]
    names = [_name(soup, one) for one in soup.find_all("nav")]
    wrong += ["a navigation without a name"] * names.count("")
    if len(set(names)) < len(names):
        wrong.append(f"navigations of one name: {names}")
    html = soup.html
    assert html is not None
    if not html.get("lang"):
        wrong.append("no language")
    if (html.get("dir") == "rtl") != (html.get("lang") == "ar"):
        wrong.append(f"{html.get('lang')} runs {html.get('dir')}")
    return wrong


def _names(soup: BeautifulSoup) -> list[str]:
    """What can be pressed or filled in without saying what it is; and names that point to nothing."""
    ids = {one["id"] for one in soup.find_all(id=True)}
    wrong = [
        f"without a name: {str(one)[:120]}"
        for one in soup.find_all(["a", "button", "summary", "select", "textarea", "input"])
        if one.get("type") != "hidden" and _shown(one) and not _name(soup, one)
    ]
    for what in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
        lost = {key for one in soup.select(f"[{what}]") for key in str(one[what]).split()} - ids
        wrong += [f"{what} points to nothing: {key}" for key in sorted(lost)]
    lost = {str(one["href"])[1:] for one in soup.find_all("a", href=re.compile("^#."))} - ids
    return wrong + [f"a link within the page to nothing: #{key}" for key in sorted(lost)]


def _name(soup: BeautifulSoup, one: Tag) -> str:
    if by := one.get("aria-labelledby"):
        return " ".join(_text(soup.find(id=key)) for key in str(by).split()).strip()
    if said := one.get("aria-label"):
        return str(said).strip()
    if one.name in {"select", "textarea", "input"}:
        return _text(soup.find("label", attrs={"for": str(one.get("id", ""))}) or one.find_parent("label"))
    return _text(one) or " ".join(str(image.get("alt", "")) for image in one.find_all("img")).strip()


def _text(one: object) -> str:
    return one.get_text(" ", strip=True) if isinstance(one, Tag) else ""


def _languages(soup: BeautifulSoup) -> list[str]:
    """Links to other languages are named in them; and on a page in Arabic, words in Latin letters are said to be another's."""
    wrong = [
        f"not in its own language: {one}"
        for one in soup.find_all("a", hreflang=True)
        if one.get("lang") != one["hreflang"]
    ]
    for text in soup.find_all(string=True):
        if type(text) is not NavigableString or not text.strip():  # comments are of a class below it
            continue
        if (
            text.find_parent(UNSAID) is None
            and _language(text) == "ar"
            and WORDS.search(ISOLATED.sub(" ", text))
        ):
            wrong.append(f"read out as Arabic: {' '.join(text.split())[:80]}")
    return wrong


def _language(text: NavigableString) -> str:
    said = text.find_parent(lang=True)
    return str(said["lang"]) if said is not None else ""


def _shown(one: Tag) -> bool:
    return not any(each.has_attr("hidden") for each in (one, *one.parents))
