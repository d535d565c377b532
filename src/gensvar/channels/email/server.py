"""Which mail server takes our words: the municipality's, unless a contact point names one of its own.

Neighbours: sending connects to it; `Settings` is what one contact point may say. Passwords stand in the environment only.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings as django_settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gensvar.contract.settings import BadSetting, setting

KEPT = "gensvar.channels.email.kept.KeptBackend"
SECURITIES = ("starttls", "tls", "none")
# A closed set of names: else whoever edits a place could have any secret of ours handed to a server of theirs.
VARIABLE = re.compile(r"GENSVAR_MAIL_PASSWORD(?:_[A-Z0-9_]{1,60})?")
HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,252}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")


@dataclass(frozen=True)
class Settings:
    """What a contact point may say of its own mail server; all empty: the municipality's is used.

    `password_variable` names the environment variable that holds the password (or whose `…_FILE` names a file that does).
    Raises BadSetting for what cannot be.
    """

    sender_name: str = setting(
        "", label=gettext_lazy("sender's name"), help=gettext_lazy("Used where a word names nobody.")
    )
    host: str = setting(
        "",
        label=gettext_lazy("mail server"),
        help=gettext_lazy("Such as mail.example.org. Empty: the municipality's own server is used."),
    )
    port: int = setting(587, label=gettext_lazy("port"))
    security: str = setting(
        "starttls",
        label=gettext_lazy("security"),
        choices=(
            ("starttls", gettext_lazy("STARTTLS (usual at port 587)")),
            ("tls", gettext_lazy("TLS from the first byte (usual at port 465)")),
            ("none", gettext_lazy("none")),
        ),
    )
    user: str = setting("", label=gettext_lazy("name to log in with"))
    password_variable: str = setting(
        "",
        label=gettext_lazy("where the password stands"),
        help=gettext_lazy(
            "The name of an environment variable: GENSVAR_MAIL_PASSWORD, or that with an ending of your own, such as "
            "GENSVAR_MAIL_PASSWORD_ROADS. With _FILE after its name, the variable names a file that holds it."
        ),
    )

    def __post_init__(self) -> None:
        if self.host and not HOST.fullmatch(self.host):
            raise BadSetting("host", _("“%(host)s” is not the name of a server.") % {"host": self.host[:80]})
        if not 1 <= int(self.port) <= 65535:
            raise BadSetting("port", _("A port is a number from 1 to 65535."))
        if self.security not in SECURITIES:
            raise BadSetting("security", _("The security is one of: starttls, tls, none."))
        if self.password_variable and not VARIABLE.fullmatch(self.password_variable):
            raise BadSetting(
                "password_variable",
                _(
                    "Give the name of an environment variable that begins with GENSVAR_MAIL_PASSWORD, never the password itself."
                ),
            )


@dataclass(frozen=True)
class Server:
    """Where to connect."""

    host: str
    port: int
    security: str = "none"
    user: str = ""
    password: str = ""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def server_of(settings: Settings) -> Server | None:
    """The server for words from a contact point with these settings; None where all mail is kept and nothing leaves.

    Raises ValueError where GENSVAR_MAIL_OUT cannot be understood.
    """
    announced = django_settings.GENSVAR_MAIL_OUT
    if announced == "kept" or django_settings.EMAIL_BACKEND == KEPT:
        return None
    if settings.host:
        password = secret(settings.password_variable)
        return Server(settings.host, int(settings.port), settings.security, settings.user, password)
    return from_url(announced)


def from_url(url: str) -> Server:
    """`smtp://user:password@host:587/?tls=1` or `smtps://host`, as GENSVAR_MAIL_OUT has it. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError(_("GENSVAR_MAIL_OUT should be smtp://host:port, smtps://host:port or kept."))
    starttls = parse_qs(parts.query).get("tls", ["0"])[0].lower() in ("1", "true", "yes")
    security = "tls" if parts.scheme == "smtps" else "starttls" if starttls else "none"
    port = parts.port or {"tls": 465, "starttls": 587}.get(security, 25)
    return Server(
        parts.hostname, port, security, unquote(parts.username or ""), unquote(parts.password or "")
    )


def secret(variable: str) -> str:
    """The secret in an environment variable, or in the file that `<variable>_FILE` names; empty where there is none."""
    if not variable:
        return ""
    path = os.environ.get(f"{variable}_FILE", "")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError):
            return ""
    return os.environ.get(variable, "")
