"""Residents who write all the time, by mail, by the form and at a private link, and never give up: what is not accepted
is sent again as it was.

Every word carries an id of its own, by which it is found again in the database.
"""

from __future__ import annotations

import http.client
import random
import re
import smtplib
import threading
import urllib.parse
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from tests.faults.town import Town

ADDRESS = "ord@norrvik.example"
PAUSE = 1.0  # seconds between two words of one resident
LARGE = 300_000  # bytes: more than fits in a row, so that the bytes go into a file
EXCHANGE = re.compile(r"/fragor/[0-9]{4}-[0-9]+-[a-z0-9-]+")
ID = re.compile(r"ord-[0-9a-f]{32}")


@dataclass
class Ledger:
    """What was accepted: 250 to a mail, 303 to a form and at a link."""

    words: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # answers that no fault explains

    def new_id(self) -> str:
        """An id that nobody has used."""
        return f"ord-{uuid.uuid4().hex}"


class Residents:
    """One writes by SMTP, one by LMTP, one by the form and then at the link of it; one reads what is shown, so that its
    pages are kept.
    """

    def __init__(self, town: Town, ledger: Ledger) -> None:
        self.town = town
        self.ledger = ledger
        self.stopped = threading.Event()
        self.chance = random.Random(2)
        self.link = ""  # of the conversation that a form began, until it is gone on with
        writers = (self._by_smtp, self._by_lmtp, self._on_the_web)
        self.threads = [threading.Thread(target=self._write, args=(send,), daemon=True) for send in writers]
        self.threads.append(threading.Thread(target=self._read, daemon=True))

    def start(self) -> None:
        """Begin to write."""
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """Let each bring the word that they are at through, then stop: the town must be at work."""
        self.stopped.set()
        for thread in self.threads:
            thread.join(60)
            assert not thread.is_alive(), "a resident's word is not accepted though all is at work"

    def _write(self, send: Callable[[str], Callable[[], bool]]) -> None:
        while not self.stopped.wait(PAUSE):
            word = self.ledger.new_id()
            attempt = send(word)
            while not attempt():
                threading.Event().wait(PAUSE)
            self.ledger.words.append(word)

    def _read(self) -> None:
        """Everything that the front page leads to, over and over."""
        while not self.stopped.wait(PAUSE):
            with suppress(OSError, http.client.HTTPException):
                for path in sorted({*EXCHANGE.findall(self._ask("/fragor")[1].decode())}):
                    self._ask(path)

    def shown(self, number: str) -> tuple[bool, int]:
        """Whether the list of exchanges holds it, and the status of its own page."""
        listed = EXCHANGE.findall(self._ask("/fragor")[1].decode())
        status = self._ask(f"/fragor/{number}-nar-plogas-gatan")[0]
        return any(path.startswith(f"/fragor/{number}-") for path in listed), status

    def _by_smtp(self, word: str) -> Callable[[], bool]:
        mail = self._mail(word)
        return lambda: self._accepted(smtplib.SMTP, self.town.smtp_port, mail)

    def _by_lmtp(self, word: str) -> Callable[[], bool]:
        mail = self._mail(word)
        return lambda: self._accepted(smtplib.LMTP, self.town.lmtp_port, mail)

    def _mail(self, word: str) -> bytes:
        body = f"Hej, {word} om snöröjningen.\n".encode()
        if self.chance.random() < 0.2:
            body += b"Det blev en lang historia.\n" * (LARGE // 27)
        return (
            f"From: {word}@resident.example\nTo: {ADDRESS}\nSubject: Ett {word}\nMessage-ID: <{word}@resident.example>\n"
            "Date: Mon, 23 Nov 2026 10:00:00 +0100\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
            "Content-Transfer-Encoding: 8bit\n\n"
        ).encode() + body

    def _accepted(self, client: type[smtplib.SMTP], port: int, mail: bytes) -> bool:
        try:
            with client("127.0.0.1", port, timeout=20) as server:
                word = ID.findall(mail.decode())[0]
                server.sendmail(f"{word}@resident.example", [ADDRESS], mail)
                return True
        except smtplib.SMTPResponseException as error:
            if error.smtp_code not in {421, 451, 452}:
                self.ledger.refused.append(f"{error.smtp_code} {error.smtp_error!r}")
        except smtplib.SMTPRecipientsRefused as error:
            self.ledger.refused += [
                f"{answer}" for answer in error.recipients.values() if answer[0] not in {451, 452}
            ]
        except (OSError, smtplib.SMTPException):
            pass  # it was ended in the middle: the mail is still ours
        return False

    def _on_the_web(self, word: str) -> Callable[[], bool]:
        """A form that was opened a while ago, as people do, the same form at every try; and next, a word at its link."""
        path, self.link = self.link or "/skriv", ""
        begins = path == "/skriv"
        opened: list[str] = []

        def attempt() -> bool:
            if not opened:
                with suppress(OSError, http.client.HTTPException):
                    found = re.search(rb'name="form" value="([^"]+)"', self._ask(path)[1])
                    opened.extend([found[1].decode()] if found else [])
                return False
            fields = {"form": opened[0], "text": f"Hej, {word}."}
            if begins:
                fields |= {"answer_by": "email", "email": f"{word}@resident.example"}
            else:
                fields["token"] = path.rpartition("/")[2]
            try:
                status, page, leads_to = self._talk("POST", path, urllib.parse.urlencode(fields))
            except (OSError, http.client.HTTPException):
                return False
            if status not in {303, 422, 500, 502, 503}:  # 422: quicker than a person writes
                self.ledger.refused.append(f"{path[:7]} {status} {page[:200]!r}")
            if status == 303 and begins and leads_to.startswith("/samtal/"):
                self.link = leads_to.partition("?")[0]
            return status == 303

        return attempt

    def _ask(self, path: str) -> tuple[int, bytes]:
        return self._talk("GET", path)[:2]

    def _talk(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes, str]:
        """The status, the page, and the address that it leads to."""
        connection = http.client.HTTPConnection("127.0.0.1", self.town.web_port, timeout=20)
        try:
            headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.getheader("Location", "")
        finally:
            connection.close()
