"""What an old editor left becomes parts of a post: nothing of it runs, nothing of others is fetched, no words are lost."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest

from gensvar.publishing.wordpress.body import Picture, parts_of
from gensvar.publishing.wordpress.markup import DEEPEST, film_address, plain, safe, tree
from gensvar.publishing.wordpress.values import Notes


class Nothing:
    """A blog without pictures; links stay as they are where they lead by http."""

    def picture(self, number: int, address: str) -> Picture | None:
        return Picture(SimpleNamespace(title="t"), f"bild {number}", "") if number else None

    def gallery(self) -> list[int]:
        return [7, 8]

    def link(self, address: str) -> str:
        return address

    def pattern(self, number: int) -> str:
        return {8: '<!-- wp:block {"ref":8} /-->' * 2_000, 9: "<p>delat</p>"}.get(number, "")


def parts(content: str) -> tuple[list[tuple[str, Any]], Notes]:
    notes: Notes = []
    return parts_of(content, Nothing(), notes), notes


def text_of(content: str) -> str:
    return "".join(value for kind, value in parts(content)[0] if kind == "text")


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>ord",
        "<p onclick='alert(1)'>ord</p>",
        "<a href='javascript:alert(1)'>ord</a>",
        "<a href='java\nscript:alert(1)'>ord</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>ord</a>",
        "<img src=x onerror=alert(1)>ord",
        "<svg><script>alert(1)</script></svg>ord",
        "<style>*{background:url(https://a.example/)}</style>ord",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>ord",
        "<iframe src='javascript:alert(1)'></iframe>ord",
        "<video src='javascript:alert(1)'></video>ord",
        "<p><b><i>ord</p></b></i><p style='x:expression(alert(1))'>",
        "<!--><script>alert(1)</script-->ord",
        "&lt;script&gt;alert(1)&lt;/script&gt; ord",
        "[caption]<img src=x onerror=alert(1)>ord[/caption]",
        "[embed]javascript:alert(1)[/embed]ord",
        '<!-- wp:embed {"url":"javascript:alert(1)"} /-->ord',
    ],
)
def test_nothing_of_it_runs(evil: str) -> None:
    made, _notes = parts(evil)
    assert {kind for kind, _value in made} <= {"text"}
    html = "".join(value for _kind, value in made)
    assert "ord" in html
    for never in (
        "<script",
        "javascript:",
        "onerror=",
        "onclick",
        "<iframe",
        "<img",
        "style",
        "data:",
        "srcdoc",
    ):
        assert never not in html


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Ett\n\nTvå\nrader", "<p>Ett</p><p>Två<br>rader</p>"),
        ("<h1>A</h1><h5>B</h5>", "<h2>A</h2><h3>B</h3>"),
        ("<blockquote><p>Ord</p><cite>Nisse</cite></blockquote>", "<p><i>Ord</i></p><p>– <i>Nisse</i></p>"),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<table><tr><th>År</th><td>1</td></tr></table>", "<ul><li>År · 1</li></ul>"),
        ("<pre>a\nb</pre>", "<p>a<br>b</p>"),
        ("Se [sic] och [1] och [...]", "<p>Se [sic] och [1] och [...]</p>"),
        ('[box typ="x"]Inne[/box] ute', "<p>Inne ute</p>"),
        ("löst <em>utan</em> stycke", "<p>löst <i>utan</i> stycke</p>"),
        ("1 < 2 & 3 > 2", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>"),
        ("<div><div>djupt</div></div>", "<p>djupt</p>"),
        ("<p>&nbsp;</p><p> </p>", ""),
        ("<details><summary>Mer</summary><p>här</p></details>", "<p>Mer</p><p>här</p>"),
        ("<b>Om</b>\n<h2>Tider</h2>\nMån\nTis", "<p><b>Om</b></p><h2>Tider</h2><p>Mån<br>Tis</p>"),
        ("<h3>A</h3>\n<h2>B</h2>\n<h4>C</h4>", "<h2>A</h2><h2>B</h2><h3>C</h3>"),
        (
            "Så här:\n<table><caption>Avgift</caption>\n<tr><td>Kort</td>\n<td>10</td></tr></table>",
            "<p>Så här:</p><p>Avgift</p><ul><li>Kort · 10</li></ul>",
        ),
        (
            "<blockquote>Ett\n\n<p>Två</p><ul><li>a</li></ul>&mdash; Maja (@maja)</blockquote>",
            "<p><i>Ett</i></p><p><i>Två</i></p><ul><li>a</li></ul><p><i>— Maja (@maja)</i></p>",
        ),
        (
            "<ul><li>a</li><ul><li>b</li></ul><li>c<li>d</ul>",
            "<ul><li>a<ul><li>b</li></ul></li><li>c</li><li>d</li></ul>",
        ),
        ("<p>Ett<p>Två<ul><li>a</li></ul>", "<p>Ett</p><p>Två</p><ul><li>a</li></ul>"),
        ("<pre>a\n\nb<br>c</pre>", "<p>a<br><br>b<br>c</p>"),
        ("10 m<sup>2 </sup>is, CO<sub>2</sub>, 1<sup>a</sup>", "<p>10 m² is, CO₂, 1a</p>"),
        ("<ul><ul></ul><li>a</li></ul>", "<ul><li>a</li></ul>"),
        ('<div>a <s>b</s> <button>c</button></div><img class="emoji" alt="🙂">', "<p>a b c</p><p>🙂</p>"),
        ('<a\nhref="https://a.example/">här</a>', '<p><a href="https://a.example/">här</a></p>'),
        (
            'Se:\nhttps://toot.example/1\n<iframe src="//karta.example/"></iframe>',
            (
                '<p>Se:</p><p><a href="https://toot.example/1">https://toot.example/1</a></p>'
                '<p><a href="https://karta.example/">https://karta.example/</a></p>'
            ),
        ),
        (
            (
                '[vc_row][vc_custom_heading text="Våra %22tider%22"][vc_btn title="Boka" link="url:https%3A%2F%2Fa.example%2F"]'
                "[vc_raw_html]JTNDZGl2JTNF[/vc_raw_html][/vc_row][contact-form-7 id=4 title='Skriv']"
            ),
            '<p><b>Våra "tider"</b></p><p><b>Boka</b></p><p><a href="https://a.example/">https://a.example/</a></p>',
        ),
        (
            '[et_pb_text title="Vår <br> väg %91ny%93" tag="h2"]Ord[/et_pb_text][it is][et_pb_x text="on" /]@ET-DC@eyJ9==@',
            "<p><b>Vår väg [ny]</b></p><p>Ord[it is]</p>",
        ),
        ('<a href="https://a.example/"><h2>A</h2></a>', '<p><a href="https://a.example/"> A </a></p>'),
        ('<!-- wp:block {"ref":9} /-->', "<p>delat</p>"),
        ("<!-- wp:shortcode -->a\n\nb<!-- /wp:shortcode -->", "<p>a</p><p>b</p>"),
    ],
)
def test_words_keep_their_form_as_far_as_there_is_one(content: str, expected: str) -> None:
    assert text_of(content) == expected


def test_pictures_and_films_stand_where_they_stood() -> None:
    made, notes = parts(
        "Först\n\n[gallery]\n\n[gallery ids='3,4']\n\nhttps://youtu.be/abc-123\n\n"
        '<p>Ord <img class="wp-image-5"> mer</p><iframe src="about:blank" data-src="//player.vimeo.com/video/99?x=1"></iframe>'
        '<iframe src="https://kartor.example/x"></iframe>\n\n[video mp4="//blogg.example/f.mp4"][/video]'
    )
    assert [kind for kind, _value in made] == [
        "text",
        *["picture"] * 4,
        "film",
        "text",
        "picture",
        "film",
        "text",
        "film",
    ]
    assert [value["alternative"] for kind, value in made if kind == "picture"] == [
        f"bild {number}" for number in (7, 8, 3, 4, 5)
    ]
    assert [value["url"] for kind, value in made if kind == "film"] == [
        "https://www.youtube.com/watch?v=abc-123",
        "https://vimeo.com/99",
        "https://blogg.example/f.mp4",
    ]
    assert notes == [["embed", "https://kartor.example/x"]]


OLD_FILM = """<object width="425"><param name="movie" value="http://www.youtube.com/v/{0}&hl=sv"></param>
<param name="wmode" value="window"></param><embed src="http://www.youtube.com/v/{0}&hl=sv" width="425"></embed></object>"""


def test_a_film_of_the_time_before_there_was_an_element_for_it_comes_once() -> None:
    bare = OLD_FILM.format("c_3").partition("<embed")[0]
    made, notes = parts(
        f"{OLD_FILM.format('a_1')}\n\n<figure>{OLD_FILM.format('b_2')}</figure>\n\n{bare}</object>"
    )
    assert [value["url"].partition("=")[2] for kind, value in made if kind == "film"] == ["a_1", "b_2", "c_3"]
    assert notes == []


def test_a_picture_keeps_where_it_led_its_caption_whole_and_what_stood_before_it() -> None:
    long = "ord " * 100
    made, notes = parts(
        '<a href="https://a.example/"><img class="wp-image-1"></a>'
        f'<figure><img class="wp-image-2"><figcaption>Foto: <a href="https://b.example/">Siv</a> {long}</figcaption></figure>'
        '<figure><table><tr><td><img class="wp-image-6">Plog</td></tr></table><figcaption>Bilar</figcaption></figure>'
        '<div style="background-image:url(https://c.example/d.jpg)"><del>Bort</del></div>'
        "[vc_gallery images='3,4']"
    )
    assert [value["alternative"] for kind, value in made if kind == "picture"] == [
        f"bild {number}" for number in (1, 2, 6, 3, 4)
    ]
    words = "".join(value for kind, value in made if kind == "text")
    assert words.startswith('<p><a href="https://a.example/">https://a.example/</a></p>')
    assert f"Foto: Siv (https://b.example/) {long.strip()}" in words
    assert "<ul><li>Plog</li></ul><p>Bilar</p>" in words
    assert notes == [["shortcode", "vc_gallery"], ["table", "Plog"], ["struck", "Bort"]]


def test_only_films_are_taken_for_films() -> None:
    assert (
        film_address("https://www.youtube-nocookie.com/embed/a_B-1?rel=0")
        == "https://www.youtube.com/watch?v=a_B-1"
    )
    for other in (
        "https://youtube.com.ond.example/watch?v=1",
        "javascript:youtube.com",
        "http://[",
        "ftp://vimeo.com/1",
    ):
        assert film_address(other) == ""


def test_a_comment_becomes_plain_words() -> None:
    assert plain("<p>A</p><p>B<br>C</p><script>x</script>") == "A\n\nB\nC"
    assert plain('<a href="https://a.example/">här</a>') == "här (https://a.example/)"
    assert plain("5 < 6 &amp; 7") == "5 < 6 & 7"


LONGEST_SECONDS = (
    3  # of this thread's own work; each takes one at most, and what grows as its square takes more
)
COSTLY = {
    "divisions in divisions": "<div>" * 10_000,
    "letters in bold in bold": "<b>x" * 8_000,
    "signs of tags in quotes": '<div a="<">' * 5_000,
    "a long gap": "a" + " " * 100_000,
    "names in brackets without an end": "[caption " * 27_000,
    "a word of an extension without an end": f"[rad {'a' * 100_000} b=1]",
    "a block that holds itself": '<!-- wp:block {"ref":8} /-->',
}


@pytest.mark.parametrize("name", COSTLY)
def test_a_post_made_to_cost_time_or_depth_is_taken_and_keeps_its_words(name: str) -> None:
    content = f"<p>först</p>{COSTLY[name]}sist"
    began = time.thread_time()
    made = "".join(value for _kind, value in parts(content)[0])
    assert "först" in made
    assert "sist" in made
    assert plain(content).endswith("sist")
    assert "sist" in safe(content)
    assert max(len(list(one.parents)) for one in tree(content).find_all(True)) <= DEEPEST
    assert time.thread_time() - began < LONGEST_SECONDS
