"""An export is read piece by piece: whole items come out whole, and a hostile or broken file does no harm."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from gensvar.publishing.tests.wordpress.exports import HEAD, OLD, TAIL, comment, export, item
from gensvar.publishing.wordpress import items, reading
from gensvar.publishing.wordpress.reading import Broken, Export, NotAnExport
from gensvar.publishing.wordpress.values import Blog, Dropped, Item


def read(path: Path) -> tuple[Blog, list[Item | Dropped | None]]:
    """Everything that stands in a file."""
    blog, found = Blog(), []
    for node in Export(path).nodes():
        if node.name == "item":
            found.append(items.item_of(node))
        else:
            items.read_head(node, blog)
    return blog, found


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_every_version_of_the_format_gives_the_same(tmp_path: Path, version: str) -> None:
    words = comment(7, "Bra <em>skrivet</em>")
    path = export(
        tmp_path / "blogg.xml",
        item(5, "Snö & is", "Text", slug="sno", terms=[("category", "vinter", "Vinter")], comments=words),
        version=version,
    )
    blog, (found,) = read(path)
    assert (blog.address, blog.title, blog.authors) == (OLD, "Chefens blogg", {"chefen": "Maja Sund"})
    assert isinstance(found, Item)
    assert (found.number, found.title, found.slug, found.author) == (5, "Snö & is", "sno", "chefen")
    assert found.terms == (("category", "vinter", "Vinter"),)
    assert found.comments[0].text == "Bra <em>skrivet</em>"
    assert items.from_bytes(items.to_bytes(found)) == found


def test_the_ip_address_and_the_password_of_nobody_are_kept(tmp_path: Path) -> None:
    letter = item(
        6,
        "Anna Ek - 2014-03-05",
        "anna@post.example",
        type="feedback",
        slug="anna-ek",
        meta=[("ort", "Anna bor här nu")],
    )
    path = export(tmp_path / "b.xml", item(5, "A", password="hemligt", comments=comment(7, "Hej")), letter)
    _blog, (found, private) = read(path)
    assert isinstance(private, Item)
    assert (private.number, private.kind) == (6, "feedback")
    assert b"nna" not in items.to_bytes(private)
    assert isinstance(found, Item)
    kept = items.to_bytes(found)
    assert b"192.0.2.77" not in kept
    assert b"hemligt" not in kept
    assert found.locked


def test_a_file_cut_in_half_gives_what_is_whole_and_says_where_it_broke(tmp_path: Path) -> None:
    whole = HEAD.format(url=OLD, version="1.2") + item(1, "Ett") + item(2, "Två") + item(3, "Tre")
    path = tmp_path / "b.xml"
    path.write_text(whole[: whole.index("Tre") + 1])
    got: list[str] = []
    with pytest.raises(Broken) as broken:
        got.extend(one.of("title") for one in Export(path).nodes() if one.name == "item")
    assert got == ["Ett", "Två"]
    assert broken.value.line > 10


@pytest.mark.parametrize(
    "beginning",
    [
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><rss><channel>&b;',
        '<?xml version="1.0"?><!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss><channel>',
        "<html><body>Logga in</body></html>",
        "PK\x03\x04 en zip",
        "",
    ],
    ids=["entity bomb", "outside file", "web page", "zip", "empty"],
)
def test_what_is_no_export_or_hides_something_is_refused(tmp_path: Path, beginning: str) -> None:
    path = tmp_path / "b.xml"
    path.write_text(beginning)
    with pytest.raises(NotAnExport):
        list(Export(path).nodes())


def test_characters_that_no_xml_may_hold_break_nothing(tmp_path: Path) -> None:
    path = tmp_path / "b.xml"
    before = "\n<br />\n<b>Warning</b>: strpos() in theme.php\n"
    text = before + HEAD.format(url=OLD, version="1.2") + item(1, "A", "före\x0b\x08efter")
    text += "<item><title>Sn&ouml;</title></item>" + TAIL
    path.write_bytes(text.encode().replace("före".encode(), b"f\xf6re"))
    reader = Export(path)
    found, named = [one for one in reader.nodes() if one.name == "item"]
    assert found.of("content:encoded") == "f\ufffdreefter"
    assert named.of("title") == "Snö"
    assert reader.mended == 2 + len(before)


def test_one_item_too_large_is_left_out_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_ITEM", 5_000)
    path = export(tmp_path / "b.xml", item(1, "Jättelik", "x" * 9_000), item(2, "Liten", "y"))
    _blog, found = read(path)
    assert isinstance(found[0], Dropped)
    assert found[0].title == "Jättelik"
    assert isinstance(found[1], Item)


def test_a_large_file_takes_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    def most_for(items: int) -> int:
        path = export(tmp_path / "b.xml", *(item(number, "Lång", "ord " * 25_000) for number in range(items)))
        tracemalloc.start()
        try:
            assert sum(one.name == "item" for one in Export(path).nodes()) == items
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert most_for(40) < most_for(10) * 1.2  # four times as much of it, and none of it kept
