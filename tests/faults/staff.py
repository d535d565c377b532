"""Somebody of the staff, who logs in and answers every conversation in the desk over HTTP, as their browser would.

A connection that is lost tells nothing: they open the screen again, look whether it is done, and else do it once more. Some
of what is answered they also publish, and withdraw when more than one is shown.
"""

from __future__ import annotations

import re
import threading
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

import httpx

from tests.faults.town import Town

ADDRESS: Final = "alva@norrvik.example"
PASSWORD: Final = "gräset-växer-sakta-47"
PAUSE: Final = 0.05  # seconds between two things that one does
EACH: Final = 4  # every fourth conversation that was answered is published too
MOST_SHOWN: Final = 1  # of what was published; the oldest is withdrawn when there are more
AWAY: Final = {502, 503}  # what a server says that is about to end
LOG_IN: Final = "/konto/login/"
LOCKED: Final = 30.0  # seconds: the lock's ten, met twice; a limit that is really reached lasts longer (docs/why/decisions.md, 129)

ID: Final = re.compile(r"svar-[0-9a-f]{32}")
ROW: Final = re.compile(r'id="open-([0-9]{4}-[0-9]+)"')
HIDDEN: Final = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
COMPOSER: Final = re.compile(r"<form [^>]*data-composer>.*?</form>", re.DOTALL)
TYPED: Final = re.compile(r"<textarea.*?</textarea>", re.DOTALL)
GATE_WORD: Final = re.compile(r'<section [^>]*"gate-word-([0-9]+)">(.*?)</section>', re.DOTALL)


class Staff:
    """One person at one browser. What the desk has accepted is in `answers`, what no fault explains in `odd`."""

    def __init__(self, town: Town) -> None:
        self.answers: list[str] = []
        self.odd: list[str] = []
        self.hurries = False  # whether only to answer what waits
        self._waiting: list[str] = []  # as the list showed them, newest first
        self._to_publish: list[str] = []
        self._shown: list[str] = []
        self._held_up_since = 0.0  # seconds of the monotonic clock
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        url = f"http://127.0.0.1:{town.web_port}"
        self._browser = httpx.Client(base_url=url, headers={"Origin": url}, timeout=20, trust_env=False)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Stop at the next pause, whatever is left to do."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(60)
        self._browser.close()

    def _work(self) -> None:
        while not self._stopped.wait(PAUSE):
            with suppress(httpx.TransportError):  # it was ended in the middle: what came of it is looked at
                self._do_one_thing()

    def _do_one_thing(self) -> None:
        """Publish and withdraw what there is, else answer the oldest of those who wait."""
        if "sessionid" not in self._browser.cookies:
            self._log_in()
        elif self._to_publish:
            self._publish(self._to_publish[0])
        elif len(self._shown) > MOST_SHOWN:
            self._withdraw(self._shown[0])
        elif self._waiting:
            self._answer(self._waiting.pop())
        else:
            self._waiting = ROW.findall(self._see("/desk/inkorg/?queue=functions", part="desk-more"))

    def _log_in(self) -> None:
        form = dict(HIDDEN.findall(self._see(LOG_IN)))
        self._send(LOG_IN, {**form, "login": ADDRESS, "password": PASSWORD})

    def _answer(self, number: str) -> None:
        """Until it is seen to stand there; a lost connection is followed by a look."""
        identifier = f"svar-{uuid.uuid4().hex}"
        while not self._stopped.is_set():
            with suppress(httpx.TransportError):
                if self._stands(number, identifier):
                    self.answers.append(identifier)
                    break
            self._stopped.wait(PAUSE)
        if len(self.answers) % EACH == 0 and not self.hurries:
            self._to_publish.append(number)

    def _stands(self, number: str, identifier: str) -> bool:
        """Look, and send it where it is not there: whether it is there, or the desk says that it was sent."""
        pane = self._see(f"/desk/inkorg/{number}/", part="desk-conversation")
        if identifier in TYPED.sub("", pane):
            return True
        if (composer := COMPOSER.search(pane)) is None:
            return False
        form = dict(HIDDEN.findall(composer[0]))
        text = f"Vi plogar i morgon, {identifier}."
        sent = self._send(f"/desk/inkorg/{number}/skriv/", {**form, "text": text, "act": "send"})
        leads_to: str = sent.headers.get("Location", "")
        return leads_to.startswith(f"/desk/inkorg/{number}/")

    def _publish(self, number: str) -> None:
        """Go through the gate from wherever it stands; looked at again later, until it is shown."""
        path = f"/desk/inkorg/{number}/publicera/"
        page = self._see(path)
        if 'value="withdraw"' in page:
            self._to_publish.remove(number)
            self._shown.append(number)
            return
        if 'value="prepare"' in page:
            self._press(path, page, action="prepare")
            page = self._see(path)
        self._press(path, page, action="title", title="När plogas gatan?")
        for word, section in GATE_WORD.findall(page):
            if 'value="yes"' in section:
                self._press(path, page, action="yes", word=word, how="Sade ja.")
            self._press(path, page, action="approve", word=word, text="Det som är sagt om gatan.")
        self._press(path, page, action="publish")

    def _withdraw(self, number: str) -> None:
        path = f"/desk/inkorg/{number}/publicera/"
        page = self._see(path)
        if 'value="withdraw"' in page:
            self._press(path, page, action="withdraw", reason="Det var fel.")
        self._shown.remove(number)

    def _press(self, path: str, page: str, **fields: str) -> None:
        token = dict(HIDDEN.findall(page))["csrfmiddlewaretoken"]
        self._send(path, {"csrfmiddlewaretoken": token, **fields})

    def _see(self, path: str, *, part: str = "") -> str:
        """A page, or that part of it which the desk's own script would ask for."""
        asked = {"HX-Request": "true", "HX-Target": part} if part else {}
        return self._told(self._browser.get(path, headers=asked), 200).text

    def _send(self, path: str, fields: Mapping[str, str]) -> httpx.Response:
        return self._told(self._browser.post(path, data=fields), 302, 200)

    def _told(self, answer: httpx.Response, *expected: int) -> httpx.Response:
        """The answer; as good as lost where the server says that it cannot. What no fault explains is kept as odd."""
        if answer.status_code in expected:
            return answer
        held_up = answer.status_code == 429 and answer.request.url.path == LOG_IN and self._is_held_up()
        if answer.status_code not in AWAY and not held_up:
            self.odd.append(f"staff {answer.status_code} {answer.request.url.path}")
        raise httpx.RemoteProtocolError(f"{answer.status_code}")

    def _is_held_up(self) -> bool:
        """Whether it is no longer than the lock lasts that a process which was killed while it counted a log-in left behind."""
        now = time.monotonic()
        self._held_up_since = self._held_up_since or now
        return now - self._held_up_since < LOCKED
