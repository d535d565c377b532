"""Which public page a word is to be about, as links and forms name it: `2026-000123`, or `nytt-12` for a post; neighbour: writing."""

from __future__ import annotations

import re
from typing import Final

from gensvar.publishing.about.models import WordAbout
from gensvar.publishing.comments.pages import CommentedPage, page_of
from gensvar.publishing.posts import gate as posts

OF_A_POST: Final = "nytt-"
VERDICTS: Final = frozenset({str(WordAbout.Why.ANSWER), str(WordAbout.Why.NO_ANSWER)})
_NUMBER: Final = re.compile(r"[0-9]{4}-[0-9]{1,12}")
_POST: Final = re.compile(r"nytt-([0-9]{1,18})")


def page_named(name: str) -> CommentedPage | None:
    """The public page of that name; None for whatever may not be seen."""
    if _NUMBER.fullmatch(name):
        return page_of(WordAbout.On.EXCHANGE, name)
    found = _POST.fullmatch(name)
    post = posts.find_by_key(int(found[1])) if found else None
    return page_of(WordAbout.On.POST, f"{post.year}/{post.slug}") if post is not None else None


def name_of(page: CommentedPage) -> str:
    """The name that `page_named` reads."""
    return page.key if page.kind == WordAbout.On.EXCHANGE else f"{OF_A_POST}{page.post_key}"
