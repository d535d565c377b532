"""Hands a mail to the server and says honestly what became of it: taken, to be tried again, or refused for good.

RFC 5321, RFC 6531. Called outside any transaction; one recipient at a time, so that one refusal stops nobody else.
Neighbours: server says where, composing made the bytes.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings as django_settings
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _

from gensvar.channels.email.composing import checked, return_path
from gensvar.channels.email.server import Server, Settings, secret, server_of
from gensvar.contract.errors import Permanent, TryLater, Unsupported
from gensvar.contract.values import Outgoing, Problem, Sent

CHECK_SECONDS = 5
LONGEST_REPLY = 500
NAME = re.compile(r"(?=.{4,253}$)(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z][A-Za-z0-9-]{1,62}")  # of a host; no number
MAILBOX_FULL = re.compile(r"\b5\.2\.2\b")  # permanent by its number, mended by the next clearing up
ASKS_US = frozenset(
    {504, 530, 534, 535, 538}
)  # about our log-in or our greeting: nothing is wrong with the mail
# What a server says of whoever hands mail over to it, whatever its number: somebody changes a setting, and it goes.
OF_US = re.compile(
    r"\b5\.(?:1\.8|4\.5|7\.54|7\.60)\b|relay(?:ing)? (?:access )?(?:denied|not (?:permitted|allowed)|prohibited)|unable to relay"
    r"|(?:helo|ehlo) command rejected|sender (?:address )?(?:rejected|verify failed)|not owned by user|sending (?:quota|limit)",
    re.IGNORECASE,
)


def send(composed: bytes, word: Outgoing, settings: Settings) -> Sent:
    """Hand over one mail for one recipient. Raises TryLater, Permanent or Unsupported; the text says why."""
    recipient, sender = checked(word.recipient.address), return_path(word)
    try:
        server = server_of(settings)
    except ValueError as error:
        raise TryLater(str(error)) from error
    if server is None:
        return Sent(reference="kept", kept=True)
    international = not (recipient + sender).isascii()
    backend = _connected(server, settings)
    try:
        smtp = backend.connection
        assert smtp is not None
        if international and not smtp.has_extn("smtputf8"):
            raise Unsupported(
                _("The mail server does not take addresses with letters beyond a–z: %(to)s")
                % {"to": recipient}
            )
        return Sent(reference=_handed_over(smtp, sender, recipient, composed, international, server))
    except (OSError, smtplib.SMTPException) as error:
        raise TryLater(_lost(server, error)) from error
    finally:
        backend.close()


def _connected(server: Server, settings: Settings) -> EmailBackend:
    """An open, secured and logged-in connection. Trouble here is ours or the server's, never the mail's: TryLater."""
    if settings.host and settings.user and not server.password:
        raise TryLater(
            _("The password of the mail server is missing: set %(name)s.")
            % {"name": settings.password_variable}
        )
    backend = _backend(server, float(getattr(django_settings, "GENSVAR_MAIL_TIMEOUT", 30)))
    try:
        backend.open()
        assert backend.connection is not None
        backend.connection.ehlo_or_helo_if_needed()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        backend.close()
        raise TryLater(_lost(server, error)) from error
    return backend


class Connection(EmailBackend):
    """Django's own, but it greets with a name that servers take: many refuse one without a dot (RFC 5321 § 4.1.4)."""

    @property
    def connection_class(self) -> Callable[..., smtplib.SMTP]:
        """What opens the connection."""
        return partial(_greeting, smtplib.SMTP_SSL if self.use_ssl else smtplib.SMTP)


def _greeting(
    connect: Callable[..., smtplib.SMTP], *where: object, local_hostname: str, **how: object
) -> smtplib.SMTP:
    """Connect with this machine's name where it is a whole one, else with that of our web address."""
    ours = urlsplit(django_settings.GENSVAR_URL).hostname or ""
    whole = next((name for name in (local_hostname, ours) if NAME.fullmatch(name)), "[127.0.0.1]")
    return connect(*where, local_hostname=whole, **how)


def _backend(server: Server, timeout: float) -> EmailBackend:
    return Connection(
        host=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        use_tls=server.security == "starttls",
        use_ssl=server.security == "tls",
        timeout=timeout,
        fail_silently=False,
    )


def _handed_over(
    smtp: smtplib.SMTP, sender: str, recipient: str, composed: bytes, international: bool, server: Server
) -> str:
    """MAIL, RCPT, DATA; gives the server's last words."""
    options = ["SMTPUTF8", "BODY=8BITMIME"] if international else []
    if not composed.isascii() and not international and smtp.has_extn("8bitmime"):
        options = ["BODY=8BITMIME"]
    if smtp.has_extn(
        "dsn"
    ):  # a report brings back who and why, not the words: they may hold what opens something (RFC 3461)
        options.append("RET=HDRS")
    if smtp.has_extn("size"):
        options.append(f"SIZE={len(composed)}")
    smtp.command_encoding = "utf-8" if international else "ascii"
    for code, said in (_step(smtp.mail, sender, options), _step(smtp.rcpt, recipient)):
        _judge(code, said, server)
    try:
        code, reply = smtp.data(composed)
    except smtplib.SMTPDataError as error:
        code, reply = error.smtp_code, _bytes(error.smtp_error)
    _judge(code, _said(reply), server)
    return f"{code} {_said(reply)}"[:LONGEST_REPLY]


def _step(command: object, *arguments: object) -> tuple[int, str]:
    code, said = command(*arguments)  # type: ignore[operator]
    return code, _said(said)


def _judge(code: int, said: str, server: Server) -> None:
    """2xx goes on; 4xx, a full mailbox and trouble with ourselves are tried again; any other 5xx is for good."""
    if 200 <= code < 400:
        return
    told = f"{code} {said}"[:LONGEST_REPLY]
    if code == 421 or 400 <= code < 500:
        raise TryLater(
            _("The mail server %(server)s asks us to wait: %(said)s") % {"server": server, "said": told}
        )
    if code in ASKS_US or MAILBOX_FULL.search(said) or OF_US.search(said):
        raise TryLater(
            _("The mail server %(server)s does not take it now: %(said)s") % {"server": server, "said": told}
        )
    if code < 200:  # smtplib gives -1 where the connection broke
        raise TryLater(_("The connection to the mail server %(server)s broke.") % {"server": server})
    raise Permanent(_("The mail server %(server)s refuses it: %(said)s") % {"server": server, "said": told})


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode("utf-8", "replace")


def _said(said: bytes | str) -> str:
    text = _bytes(said).decode("utf-8", "replace")
    return " ".join(text.split())[:LONGEST_REPLY]


def _lost(server: Server, error: Exception) -> str:
    """Why there was no conversation with the server, in words."""
    words = {"server": server, "said": _said(str(error))}
    if isinstance(error, smtplib.SMTPAuthenticationError):
        words["said"] = _said(error.smtp_error)
        return _("The mail server %(server)s refuses our log-in: %(said)s") % words
    if isinstance(error, smtplib.SMTPNotSupportedError) and server.user and server.security == "none":
        return _(
            "The mail server %(server)s takes no log-in without TLS: write ?tls=1 behind its address, or choose STARTTLS."
        ) % {"server": server}
    if isinstance(error, ssl.SSLError):
        return _("No safe connection to the mail server %(server)s: %(said)s") % words
    if isinstance(error, TimeoutError):
        return _("The mail server %(server)s did not answer in time.") % words
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return _("The mail server %(server)s broke the connection off.") % words
    if isinstance(error, ConnectionRefusedError):
        return _("The mail server %(server)s takes no connections.") % words
    return _("The mail server %(server)s cannot be used now: %(said)s") % words


def check(settings: Settings) -> list[Problem]:
    """Whether the server answers and lets us in; sends nothing, takes at most a few seconds."""
    try:
        server = server_of(settings)
    except ValueError as error:
        return [Problem(str(error), _("Correct it in the environment and start again."))]
    if server is None:
        return []
    if settings.host and settings.user and not secret(settings.password_variable):
        what = _("The password of the mail server is missing: set %(name)s.") % {
            "name": settings.password_variable
        }
        return [
            Problem(
                what,
                _("Set that environment variable, or the one with _FILE after its name, and start again."),
            )
        ]
    backend = _backend(server, CHECK_SECONDS)
    try:
        backend.open()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return [Problem(_lost(server, error), _("Words are kept and tried again until it answers."))]
    finally:
        backend.close()
    return []
