"""Writes exports as WordPress does, for the tests (the head of one, posts, comments, a whole file of them), and takes them in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils import translation

from gensvar.publishing.wordpress import importing, report
from gensvar.publishing.wordpress.importing import BroughtHome
from gensvar.publishing.wordpress.making import Choices

OLD = "https://blogg.norrvik.example"
SAMPLES = Path(__file__).parent / "samples"  # made by a real WordPress: see its README.md
HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- This is a WordPress eXtended RSS file. -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/{version}/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wfw="http://wellformedweb.org/CommentAPI/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/{version}/">
<channel>
<title>Chefens blogg</title><link>{url}</link><language>sv-SE</language><wp:wxr_version>{version}</wp:wxr_version>
<wp:base_site_url>{url}</wp:base_site_url><wp:base_blog_url>{url}</wp:base_blog_url>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login><![CDATA[chefen]]></wp:author_login>
<wp:author_email><![CDATA[chefen@norrvik.example]]></wp:author_email>
<wp:author_display_name><![CDATA[Maja Sund]]></wp:author_display_name></wp:author>
"""
TAIL = "</channel>\n</rss>\n"


def cdata(text: object) -> str:
    """As wxr_cdata of WordPress."""
    return f"<![CDATA[{str(text).replace(']]>', ']]]]><![CDATA[>')}]]>"


def comment(number: int, text: str, **changes: Any) -> str:
    """One comment, approved."""
    said = {
        "author": "Nisse",
        "author_email": "nisse@post.example",
        "author_IP": "192.0.2.77",
        "date_gmt": "2014-03-06 08:00:00",
        "approved": "1",
        "type": "comment",
        "parent": 0,
        "user_id": 0,
        **changes,
    }
    fields = "".join(f"<wp:comment_{name}>{cdata(value)}</wp:comment_{name}>" for name, value in said.items())
    return (
        f"<wp:comment><wp:comment_id>{number}</wp:comment_id>"
        f"<wp:comment_content>{cdata(text)}</wp:comment_content>{fields}</wp:comment>\n"
    )


def item(
    number: int,
    title: str,
    content: str = "",
    *,
    slug: str = "",
    terms: Iterable[tuple[str, str, str]] = (),
    meta: Iterable[tuple[str, str]] = (),
    comments: str = "",
    **changes: Any,
) -> str:
    """One post, published."""
    said = {
        "date": "2014-03-05 11:12:13",
        "date_gmt": "2014-03-05 10:12:13",
        "link": f"{OLD}/2014/03/{slug or number}/",
        "type": "post",
        "status": "publish",
        "parent": 0,
        "password": "",
        "comment_status": "open",
        "creator": "chefen",
        "excerpt": "",
        "file": "",
        **changes,
    }
    categories = "".join(
        f'<category domain="{kind}" nicename="{name}">{cdata(words)}</category>'
        for kind, name, words in terms
    )
    more = "".join(
        f"<wp:postmeta><wp:meta_key>{cdata(key)}</wp:meta_key><wp:meta_value>{cdata(value)}</wp:meta_value></wp:postmeta>"
        for key, value in meta
    )
    file = f"<wp:attachment_url>{cdata(said['file'])}</wp:attachment_url>" if said["file"] else ""
    return f"""<item><title>{cdata(title)}</title><link>{said["link"]}</link>
<pubDate>Wed, 05 Mar 2014 10:12:13 +0000</pubDate><dc:creator>{cdata(said["creator"])}</dc:creator>
<guid isPermaLink="false">{OLD}/?p={number}</guid><description></description>
<content:encoded>{cdata(content)}</content:encoded><excerpt:encoded>{cdata(said["excerpt"])}</excerpt:encoded>
<wp:post_id>{number}</wp:post_id><wp:post_date>{cdata(said["date"])}</wp:post_date>
<wp:post_date_gmt>{cdata(said["date_gmt"])}</wp:post_date_gmt>
<wp:comment_status>{cdata(said["comment_status"])}</wp:comment_status><wp:post_name>{cdata(slug)}</wp:post_name>
<wp:status>{cdata(said["status"])}</wp:status><wp:post_parent>{said["parent"]}</wp:post_parent>
<wp:post_type>{cdata(said["type"])}</wp:post_type><wp:post_password>{cdata(said["password"])}</wp:post_password>
{file}{categories}{more}
{comments}</item>
"""


def export(path: Path, *items: str, url: str = OLD, version: str = "1.2") -> Path:
    """A whole file of them."""
    path.write_text(HEAD.format(url=url, version=version) + "".join(items) + TAIL, encoding="utf-8")
    return path


def bring(choices: Choices, *paths: Path) -> BroughtHome:
    return importing.bring_home(paths, choices)


def told_of(done: BroughtHome) -> str:
    """The report, in English."""
    with translation.override("en"):
        return "\n".join(report.lines(done))
