"""Sending, against a real SMTP server in this process: what it takes, what it puts off, what it refuses, what it breaks."""

from __future__ import annotations

import datetime as dt
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core import mail

from gensvar.channels.email.channel import EmailChannel
from gensvar.channels.email.server import Server, Settings, from_url, secret
from gensvar.contract.errors import Permanent, TryLater, Unsupported
from gensvar.contract.testing import TOKEN, outgoing
from gensvar.contract.values import Outgoing, Party, Sent

CHANNEL = EmailChannel()


@dataclass
class Answers:
    """What the server says; it keeps what it took."""

    sender: str = ""
    recipient: str = ""
    data: str = "250 2.0.0 Ok: queued as 4A2B"
    greeted: str = ""
    taken: list[Envelope] = field(default_factory=list)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.greeted = session.host_name or ""
        if self.sender:
            return self.sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 Ok"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.recipient:
            return self.recipient
        envelope.rcpt_tos.append(address)
        return "250 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken.append(envelope)
        return self.data


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def serve(answers: Answers, settings: Any) -> Iterator[Callable[..., int]]:
    """Starts the server and makes it the municipality's; gives its port."""
    running: list[Controller] = []

    def start(**options: Any) -> int:
        controller = Controller(answers, hostname="127.0.0.1", port=0, **options)
        controller.port = free_port()
        controller.start()
        running.append(controller)
        settings.GENSVAR_MAIL_OUT = f"smtp://127.0.0.1:{controller.port}"
        settings.GENSVAR_MAIL_TIMEOUT = 5
        return int(controller.port)

    yield start
    for controller in running:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def send(word: Outgoing | None = None, place: Settings | None = None) -> Sent:
    word, place = word or outgoing(), place or Settings()
    return CHANNEL.send(CHANNEL.compose(word, place), word, place)


def test_a_mail_goes_to_one_recipient_with_the_token_in_its_return_path(
    serve: Callable[..., int], answers: Answers
) -> None:
    serve()
    sent = send()
    assert sent == Sent(reference="250 2.0.0 Ok: queued as 4A2B", kept=False)
    (envelope,) = answers.taken
    assert envelope.rcpt_tos == ["kim.ek@example.org"]
    assert envelope.mail_from == f"gata.park+{TOKEN[::-1]}@example.org"
    assert envelope.content == CHANNEL.compose(outgoing(), Settings())
    assert "RET=HDRS" not in envelope.mail_options


def test_a_server_that_reports_is_asked_to_bring_back_no_more_than_the_header(
    serve: Callable[..., int], answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def greets(
        self: Answers, server: SMTP, session: Session, envelope: Envelope, name: str, said: list[str]
    ) -> list[str]:
        session.host_name = name
        return [*said[:-1], "250-DSN", said[-1]]

    asked: list[str] = []

    def mail(self: smtplib.SMTP, sender: str, options: list[str]) -> tuple[int, bytes]:
        asked.extend(options)
        return self.docmd("MAIL", f"FROM:<{sender}>")  # the test's own server does not know what it offers

    monkeypatch.setattr(Answers, "handle_EHLO", greets, raising=False)
    monkeypatch.setattr(smtplib.SMTP, "mail", mail)
    serve()
    send()
    assert "RET=HDRS" in asked
    assert len(answers.taken) == 1


def test_lines_that_begin_with_a_dot_arrive_as_they_were(serve: Callable[..., int], answers: Answers) -> None:
    serve()
    word = outgoing(text="Hej\n.\n..två\nslut")
    send(word)
    assert answers.taken[0].content == CHANNEL.compose(word, Settings())


@pytest.mark.parametrize(
    "said",
    ["451 4.7.1 Greylisted, try again", "452 4.2.2 Mailbox full", "421 4.3.2 Going down", "450 4.2.0 Busy"],
)
@pytest.mark.parametrize("step", ["sender", "recipient", "data"])
def test_what_the_server_puts_off_is_tried_later_with_its_words(
    serve: Callable[..., int], answers: Answers, step: str, said: str
) -> None:
    serve()
    setattr(answers, step, said)
    with pytest.raises(TryLater, match=said[:3]) as caught:
        send()
    assert said[4:] in str(caught.value)


@pytest.mark.parametrize("step", ["sender", "recipient", "data"])
def test_what_the_server_refuses_is_permanent_with_its_words(
    serve: Callable[..., int], answers: Answers, step: str
) -> None:
    serve()
    setattr(answers, step, "550 5.1.1 No such user here")
    with pytest.raises(Permanent, match=r"550 5\.1\.1 No such user here"):
        send()


@pytest.mark.parametrize(
    "said",
    [
        "552 5.2.2 Mailbox full",
        "504 5.5.2 <vm>: Helo command rejected: need fully-qualified hostname",
        "553 5.7.1 <gata@norrvik.example>: Sender address rejected: not owned by user gensvar",
        "550 relay not permitted",
        "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
    ],
)
def test_a_full_mailbox_and_what_is_said_of_ourselves_are_tried_later_whatever_the_number(
    serve: Callable[..., int], answers: Answers, said: str
) -> None:
    serve()
    answers.recipient = said
    with pytest.raises(TryLater) as caught:
        send()
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("machine", "url", "greets"),
    [
        ("mail.norrvik.example", "https://samtal.norrvik.example", "mail.norrvik.example"),
        ("vm", "https://samtal.norrvik.example", "samtal.norrvik.example"),
        ("vm", "http://192.0.2.1:8000", "[127.0.0.1]"),
    ],
)
def test_a_server_is_greeted_by_a_whole_name(
    serve: Callable[..., int],
    answers: Answers,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    machine: str,
    url: str,
    greets: str,
) -> None:
    serve()
    settings.GENSVAR_URL = url
    monkeypatch.setattr("django.core.mail.backends.smtp.DNS_NAME.get_fqdn", lambda: machine)
    send()
    assert answers.greeted == greets


def test_a_server_that_is_away_is_tried_later(settings: Any) -> None:
    settings.GENSVAR_MAIL_OUT = f"smtp://127.0.0.1:{free_port()}"
    with pytest.raises(TryLater, match=r"127\.0\.0\.1"):
        send()


def test_a_server_that_says_nothing_is_tried_later(settings: Any) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.GENSVAR_MAIL_OUT = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        settings.GENSVAR_MAIL_TIMEOUT = 0.2
        with pytest.raises(TryLater):
            send()


def test_a_server_without_the_wanted_security_is_tried_later_and_gets_nothing(
    serve: Callable[..., int], answers: Answers
) -> None:
    port = serve()
    with pytest.raises(TryLater):
        send(place=Settings(host="127.0.0.1", port=port, security="starttls"))
    assert answers.taken == []


def test_a_server_that_nobody_vouches_for_gets_nothing(
    serve: Callable[..., int], answers: Answers, tmp_path: Path
) -> None:
    port = serve(tls_context=self_signed(tmp_path))
    with pytest.raises(TryLater, match=r"127\.0\.0\.1"):
        send(place=Settings(host="127.0.0.1", port=port, security="starttls"))
    assert answers.taken == []


def test_a_server_that_is_vouched_for_gets_the_mail_and_the_password(
    serve: Callable[..., int], answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = serve(tls_context=self_signed(tmp_path))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    send(place=Settings(host="localhost", port=port, security="starttls"))
    assert len(answers.taken) == 1


def self_signed(folder: Path) -> ssl.SSLContext:
    """A server's side of TLS for localhost; its certificate lies in the folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
    )
    builder = (
        builder.not_valid_before(now - dt.timedelta(1))
        .not_valid_after(now + dt.timedelta(1))
        .add_extension(names, False)
    )
    certificate = builder.sign(key, hashes.SHA256())
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


def test_an_address_with_letters_beyond_ascii_goes_where_the_server_takes_it(
    serve: Callable[..., int], answers: Answers
) -> None:
    serve(enable_SMTPUTF8=True)
    word = outgoing(recipient=Party("åsa@example.org", "Åsa"))
    send(word)
    assert answers.taken[0].rcpt_tos == ["åsa@example.org"]
    assert "SMTPUTF8" in answers.taken[0].mail_options
    assert "<åsa@example.org>".encode() in answers.taken[0].content  # type: ignore[operator]


def test_an_address_with_letters_beyond_ascii_is_refused_before_sending_elsewhere(
    serve: Callable[..., int], answers: Answers
) -> None:
    serve(enable_SMTPUTF8=False)
    with pytest.raises(Unsupported, match=r"åsa@example\.org"):
        send(outgoing(recipient=Party("åsa@example.org")))
    assert answers.taken == []


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_place_may_have_a_server_of_its_own_with_a_log_in(
    serve: Callable[..., int], answers: Answers, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def authenticate(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth_data: Any
    ) -> AuthResult:
        assert isinstance(auth_data, LoginPassword)
        return AuthResult(success=auth_data == LoginPassword(b"gata", b"hemligt"), handled=False)

    port = serve(authenticator=authenticate, auth_require_tls=False, auth_required=True)
    settings.GENSVAR_MAIL_OUT = "smtp://127.0.0.1:1"
    place = Settings(
        host="127.0.0.1",
        port=port,
        security="none",
        user="gata",
        password_variable="GENSVAR_MAIL_PASSWORD_GATA",
    )
    with pytest.raises(TryLater, match="GENSVAR_MAIL_PASSWORD_GATA"):
        send(place=place)
    assert CHANNEL.check(place)[0].what
    monkeypatch.setenv("GENSVAR_MAIL_PASSWORD_GATA", "hemligt")
    send(place=place)
    assert len(answers.taken) == 1
    assert CHANNEL.check(place) == []
    monkeypatch.setenv("GENSVAR_MAIL_PASSWORD_GATA", "fel")
    with pytest.raises(TryLater, match="vår inloggning: 5") as caught:
        send(place=place)
    assert [problem.what for problem in CHANNEL.check(place)] == [str(caught.value)]
    serve()
    settings.GENSVAR_MAIL_OUT = settings.GENSVAR_MAIL_OUT.replace("//", "//gata:hemligt@")
    with pytest.raises(TryLater, match=r"\?tls=1"):
        send()


def test_in_the_demo_nothing_leaves_even_where_a_place_has_its_own_server(settings: Any) -> None:
    settings.GENSVAR_MAIL_OUT = "kept"
    place = Settings(host="127.0.0.1", port=1)
    assert send(place=place).kept is True
    assert CHANNEL.check(place) == []


def test_djangos_own_mail_is_kept_as_files_in_the_demo(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "gensvar.channels.email.kept.KeptBackend"
    settings.GENSVAR_HOME = tmp_path
    settings.GENSVAR_MAIL_OUT = "smtp://127.0.0.1:1"
    assert mail.send_mail("Nytt lösenord", "Välj ett nytt.", "a@example.org", ["b@example.org"]) == 1
    (kept,) = (tmp_path / "outbox").iterdir()
    assert CHANNEL.parse(kept.read_bytes()).text == "Välj ett nytt."
    assert kept.stat().st_mode & 0o077 == 0
    assert send().kept is True


def test_checking_says_what_is_wrong_and_what_to_do(serve: Callable[..., int], settings: Any) -> None:
    serve()
    assert CHANNEL.check(Settings()) == []
    settings.GENSVAR_MAIL_OUT = f"smtp://127.0.0.1:{free_port()}"
    (problem,) = CHANNEL.check(Settings())
    assert "127.0.0.1" in problem.what
    assert problem.hint
    settings.GENSVAR_MAIL_OUT = "http://example.org"
    assert "GENSVAR_MAIL_OUT" in CHANNEL.check(Settings())[0].what


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", Server("mail.example.org", 25)),
        (
            "smtp://kim%40x:p%3Aw@mail.example.org:587/?tls=1",
            Server("mail.example.org", 587, "starttls", "kim@x", "p:w"),
        ),
        ("smtp://mail.example.org/?tls=1", Server("mail.example.org", 587, "starttls")),
        ("smtps://mail.example.org", Server("mail.example.org", 465, "tls")),
    ],
)
def test_the_municipalitys_server_is_one_address(url: str, server: Server) -> None:
    assert from_url(url) == server


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hemligt\n")
    monkeypatch.setenv("GATA_PASSWORD_FILE", str(tmp_path / "secret"))
    assert secret("GATA_PASSWORD") == "hemligt"
    monkeypatch.setenv("GATA_PASSWORD_FILE", str(tmp_path / "nowhere"))
    assert secret("GATA_PASSWORD") == ""
    assert secret("") == ""
