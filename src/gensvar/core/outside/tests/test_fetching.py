"""Looking at others' pages: never into our own network, and never longer, larger or further than the limits."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from gensvar.core.outside import guard
from gensvar.core.outside.fetching import LARGEST, Seen, Trouble, fetch
from gensvar.core.outside.reading import read
from gensvar.core.outside.tests.server import Server, leads, page, serving


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as made:
        yield made


def look(server: Server, path: str, *, seconds: float = 5) -> Seen:
    return fetch(server.at(path), agent="Gensvar test", allowed=frozenset({server.pair}), seconds=seconds)


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 192.0.2.1 "
    "198.18.0.1 240.0.0.1 :: ::1 ::ffff:10.0.0.1 ::ffff:127.0.0.1 ::127.0.0.1 64:ff9b::a00:1 2002:7f00:1:: 2001::1 "
    "fe80::1%eth0 fc00::1 fec0::1 ff02::1 2001:db8::1 none".split(),
)
def test_an_address_that_is_not_open_to_all_is_refused(address: str) -> None:
    assert not guard.is_open(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_an_address_that_is_open_to_all_is_let_through(address: str) -> None:
    assert guard.is_open(address)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://a.example/",
        "http://a.example:8080/",
        "https://a.example:22/",
        "http://me:secret@a.example/",
        "javascript:alert(1)",
        "http://",
        "//a.example/",
        "http://[",
        "file:///etc/passwd",
        "http://a.example/" + "a" * 2000,
    ],
)
def test_what_is_no_open_web_address_is_not_asked(address: str) -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise AssertionError("nobody may be asked")

    assert fetch(address, agent="x", resolve=resolve).trouble == Trouble.ADDRESS


@pytest.mark.parametrize("found", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:192.168.0.1"]])
def test_a_name_that_leads_inside_is_refused_if_only_one_of_its_addresses_does(found: list[str]) -> None:
    seen = fetch("http://inside.example/", agent="x", resolve=lambda host, port: found)
    assert seen.trouble == Trouble.INSIDE


def test_numbers_that_mean_loopback_lead_inside(server: Server) -> None:
    for host in ("127.0.0.1", "2130706433", "[::1]", "localhost"):
        assert fetch(f"http://{host}/", agent="x").trouble == Trouble.INSIDE
    assert server.asked == []


def test_the_name_is_asked_for_once_and_the_judged_address_is_the_one_connected_to(server: Server) -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"]]  # a name server that says something else the second time
    server.pages["/"] = page("<title>Hej</title>")
    name = f"rebinding.example:{server.port}"
    seen = fetch(
        f"http://{name}/", agent="x", allowed=frozenset({name}), resolve=lambda host, port: answers.pop(0)
    )
    assert (seen.status, len(answers)) == (200, 1)
    assert f"Host: {name}".lower() in server.asked[0].lower()


@pytest.mark.parametrize(
    "to", ["http://127.0.0.1:1/", "http://127.0.0.1/", "http://169.254.169.254/latest/", "file:///etc/passwd"]
)
def test_a_redirect_is_judged_like_the_first_address(server: Server, to: str) -> None:
    server.pages["/"] = leads(to)
    assert look(server, "/").trouble in {Trouble.INSIDE, Trouble.ADDRESS}
    assert len(server.asked) == 1


def test_redirects_are_followed_so_far_and_no_further(server: Server) -> None:
    server.pages |= {"/a": leads("/b#x"), "/b": page("<title>Här</title>"), "/loop": leads("/loop")}
    assert look(server, "/a").address == server.at("/b")
    assert look(server, "/loop").trouble == Trouble.LOOP
    assert len(server.asked) == 2 + 6


def test_who_drips_head_or_body_is_left_when_the_time_is_over(server: Server) -> None:
    ended = threading.Event()

    def drip(head: bytes) -> object:
        def answer(connection: socket.socket) -> None:
            connection.sendall(head)
            while not ended.wait(0.05):
                connection.sendall(b"x")

        return answer

    server.pages["/head"] = drip(b"HTTP/1.1 200 OK\r\nX-Slow: ")  # type: ignore[assignment]
    server.pages["/body"] = drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>")  # type: ignore[assignment]
    for path in ("/head", "/body"):
        began = time.monotonic()
        assert look(server, path, seconds=0.5).trouble == Trouble.SLOW
        assert time.monotonic() - began < 3
    ended.set()


def test_of_a_huge_page_only_the_beginning_is_read(server: Server) -> None:
    sent = []

    def endless(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        for _ in range(400):
            connection.sendall(b"x" * 65536)
            sent.append(65536)

    server.pages["/"] = endless
    assert len(look(server, "/", seconds=20).body) == LARGEST
    bomb = gzip.compress(b"0" * 50_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
    server.pages["/bomb"] = head.encode() + bomb
    assert len(look(server, "/bomb", seconds=20).body) <= LARGEST


def test_what_is_no_http_and_who_is_not_there_and_no_tls(server: Server) -> None:
    server.pages["/"] = b"SSH-2.0-OpenSSH_9.9\r\n"
    assert look(server, "/").trouble == Trouble.BROKEN_OFF
    safe = server.at("/").replace("http:", "https:")
    assert fetch(safe, agent="x", allowed=frozenset({server.pair})).trouble == Trouble.UNSAFE
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    nobody = f"127.0.0.1:{port}"
    assert fetch(f"http://{nobody}/", agent="x", allowed=frozenset({nobody})).trouble == Trouble.SILENT

    def nothing(host: str, port: int) -> list[str]:
        raise socket.gaierror("no such name")

    assert fetch("https://gone.example/", agent="x", resolve=nothing).trouble == Trouble.NO_NAME


def test_a_server_that_asks_for_a_pause_is_heard(server: Server) -> None:
    server.pages["/"] = page("", "503 Busy", headers="Retry-After: 3600\r\n")
    seen = look(server, "/")
    assert seen.pause is not None
    assert (seen.status, seen.pause.total_seconds()) == (503, 3600)


def test_a_page_says_whose_it_is_and_whom_it_calls_me() -> None:
    body = """<title>Norrvik &amp; vi</title><meta property="og:site_name" content="Kommunen">
    <link rel="me" href="https://norrvik.example/"><a REL='nofollow me' href=/jag>jag</a>
    <script>"<a rel=me href=https://bad.example/>"</script><!-- <a rel=me href=https://bad.example/> -->
    <a rel=me href="http://[">x</a><textarea><a rel=me href=https://bad.example/></textarea>"""
    found = read(body.encode(), "", "https://social.example/@norrvik")
    assert (found.title, found.owner) == ("Norrvik & vi", "Kommunen")
    assert found.me == {"https://norrvik.example/", "https://social.example/jag"}


@pytest.mark.parametrize(
    "piece", ["<!--", "<a ", "<title>", "<script>", "<div>", '<a "', "<a x='", "&#", "<textarea>"]
)
def test_a_hostile_page_is_read_in_a_time_that_grows_as_its_length(piece: str) -> None:
    body = (piece * LARGEST)[:LARGEST].encode()
    began = time.process_time()
    read(body, "", "https://a.example/")
    assert time.process_time() - began < 5


@pytest.mark.parametrize("charset", ["punycode", "IDNA", "unicode-escape", "hex", "no such"])
def test_what_is_no_charset_of_texts_is_read_as_utf_8(charset: str) -> None:
    """Punycode alone would have taken minutes for a page of 256 kB."""
    body = f'<meta charset="{charset}"><title>Åsa\\n-b</title>'.encode()
    assert read(body, charset, "https://a.example/").title == "Åsa\\n-b"
