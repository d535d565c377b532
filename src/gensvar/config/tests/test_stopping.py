"""An upload that is under way when all is stopped, or whose sender goes away: kept whole, or not at all and its sender knows."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.faults.town import Town, wait_until

if TYPE_CHECKING:
    from conftest import FreshDatabase

    Begin = Callable[[Mapping[str, str]], None]

pytestmark = [pytest.mark.processes, pytest.mark.one_database]
KEPT = "SELECT raw_size FROM intake_envelope WHERE source = 'form'"
PICTURE = b"\xff\xd8" + b"p" * 600_000  # larger than what is kept in a row
IN_TIME = 60  # seconds until all has ended on a slow machine; the supervisor kills after ten


@pytest.fixture
def town(fresh_database: FreshDatabase, begin: Begin, tmp_path: Path) -> Iterator[Town]:
    begin(fresh_database.environment)
    town = Town({**fresh_database.environment, "GENSVAR_ALLOWED_HOSTS": "127.0.0.1"}, log=tmp_path / "log")
    town.start()
    yield town
    town.clear_away()


@pytest.fixture
def begin_upload(town: Town) -> Iterator[Callable[[], Upload]]:
    """Begins an upload; its line is closed at the end."""
    with ExitStack() as lines:

        def begin() -> Upload:
            upload = Upload(town)
            lines.enter_context(upload.socket)
            return upload

        yield begin


class Upload:
    """A form with a picture, sent piece by piece by somebody with a slow line."""

    def __init__(self, town: Town) -> None:
        with urllib.request.urlopen(f"http://127.0.0.1:{town.web_port}/skriv") as page:
            form = re.search(rb'name="form" value="([^"]+)"', page.read())
        assert form
        fields = {"form": form[1], "text": b"Bron \xc3\xa4r trasig.", "answer_by": b"here"}
        parts = [
            b'--delning\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value)
            for name, value in fields.items()
        ]
        head = b'--delning\r\nContent-Disposition: form-data; name="files"; filename="bro.jpg"\r\n'
        parts.append(head + b"Content-Type: image/jpeg\r\n\r\n" + PICTURE + b"\r\n--delning--\r\n")
        self.body = b"".join(parts)
        self.socket = socket.create_connection(("127.0.0.1", town.web_port), timeout=IN_TIME)
        self.socket.sendall(
            b"POST /skriv HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\n"
            b"Content-Type: multipart/form-data; boundary=delning\r\nContent-Length: %d\r\n\r\n"
            % len(self.body)
        )
        assert self.socket.recv(1000).startswith(b"HTTP/1.1 100"), "somebody reads what we send"
        self.half = len(self.body) // 2
        self.socket.sendall(self.body[: self.half])

    def finish(self) -> bytes:
        """Send the rest; gives the status, or nothing where the connection is closed."""
        try:
            self.socket.sendall(self.body[self.half :])
            return self.answer()
        except OSError:
            return b""

    def answer(self) -> bytes:
        """The status of the answer, or nothing where the connection is closed. Raises TimeoutError where neither comes."""
        try:
            return b" ".join(self.socket.recv(1000).split()[1:2])
        except ConnectionError:
            return b""


def send_again(upload: Upload, town: Town) -> bytes:
    """Send the same form, all at once, as a browser does when one presses its button again; gives the status."""
    address = f"http://127.0.0.1:{town.web_port}/skriv"
    kind = {"Content-Type": "multipart/form-data; boundary=delning"}
    connection = http.client.HTTPConnection("127.0.0.1", town.web_port, timeout=IN_TIME)
    connection.request("POST", address, upload.body, kind)
    status = connection.getresponse().status
    connection.close()
    return str(status).encode()


def stop(town: Town) -> None:
    """Ask the whole tree to stop."""
    assert town.process is not None
    os.kill(town.process.pid, signal.SIGTERM)


def nothing_half(town: Town) -> bool:
    """Whether there is no file that nobody finished."""
    return not list((Path(town.environment["GENSVAR_HOME"]) / "files").rglob(".new-*"))


def test_an_upload_is_kept_whole_or_its_sender_knows_and_of_one_that_never_ends_nothing_is_kept_and_no_stop_waits_for_it(
    town: Town, begin_upload: Callable[[], Upload], fresh_database: FreshDatabase
) -> None:
    """A visitor who keeps a connection open holds nothing up either."""
    begin_upload().socket.close()
    wait_until(town.web_answers, "the web goes on when a sender goes away")
    visitor = http.client.HTTPConnection("127.0.0.1", town.web_port)
    visitor.request("GET", "/robots.txt")
    visitor.getresponse().read()
    endless, upload = begin_upload(), begin_upload()
    stop(town)
    said = upload.finish()
    assert town.process is not None
    assert town.process.wait(IN_TIME) == 0
    assert not town.processes()
    visitor.close()
    assert not endless.answer().startswith((b"2", b"3")), "its sender is told of no success"
    assert "bytes never came" in town.log.read_text()
    kept = fresh_database.rows(KEPT)
    if said == b"303":
        assert len(kept) == 1
        assert kept[0][0] > len(upload.body), "the body, and its Content-Type before it"
    elif said:
        assert said[:1] in {b"4", b"5"}
        assert kept == []
    else:  # ended without a word, perhaps between the commit and the answer: whole or not at all, and never twice
        assert len(kept) <= 1
        assert all(size > len(upload.body) for (size,) in kept)
        town.start()
        assert send_again(upload, town) == b"303"
        assert len(fresh_database.rows(KEPT)) == 1
    assert nothing_half(town)
