"""Reads a request: whether a kept page may answer it, and under which of few names; everything doubtful goes to Django.

Neighbours: front asks for each request; square.headers marks the views.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.http.request import validate_host
from django.urls import Resolver404, resolve
from django.utils import translation

Environ = dict[str, Any]

LONGEST_PATH: Final = 300  # characters; a longer one is nobody's page
LONGEST_QUERY: Final = 2000
LONGEST_VALUE: Final = 80
LONGEST_HEADER: Final = 500  # of Accept-Encoding and Host
REMEMBERED: Final = 4096  # addresses whose name is known without thinking


@dataclass(frozen=True, slots=True)
class Name:
    """What a kept page depends on, and nothing else: the language stands in the path, and no page is negotiated by Accept."""

    secure: bool
    host: str
    path: str
    query: str  # known parameters only, in order


def name_of(environ: Environ) -> Name | None:
    """Under which name a page for this request is kept; None where Django shall answer it, unchanged."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or environ.get("SCRIPT_NAME"):
        return None
    if "HTTP_AUTHORIZATION" in environ or "HTTP_HX_REQUEST" in environ:
        return None
    cookie = environ.get("HTTP_COOKIE")
    if cookie and any(name in cookie for name in _private_cookies()):
        return None
    host, path, query = environ.get("HTTP_HOST", ""), environ["PATH_INFO"], environ.get("QUERY_STRING", "")
    if len(path) > LONGEST_PATH or len(query) > LONGEST_QUERY or len(host) > LONGEST_HEADER:
        return None
    return _name(_is_secure(environ), host, path, query)


def only_by(name: Name, environ: Environ) -> Environ:
    """The same request without anything that is not in the name: what is made from it may be shown to anybody.

    Headers, cookies, body and the sender's address are left out, so that nobody can have one page kept for another.
    """
    host, _colon, port = name.host.partition(":") if not name.host.startswith("[") else (name.host, "", "")
    made = {key: value for key, value in environ.items() if not key.startswith("HTTP_")}
    made |= {
        "REQUEST_METHOD": "GET",
        "HTTP_HOST": name.host,
        "SERVER_NAME": host,
        "SERVER_PORT": port or ("443" if name.secure else "80"),
        "QUERY_STRING": name.query,
        "REMOTE_ADDR": "",
        "CONTENT_LENGTH": "",
        "CONTENT_TYPE": "",
        "wsgi.url_scheme": "https" if name.secure else "http",
    }
    if settings.SECURE_PROXY_SSL_HEADER:
        made[settings.SECURE_PROXY_SSL_HEADER[0]] = "https" if name.secure else "http"
    return made


@functools.lru_cache(maxsize=256)
def encoding_for(accepted: str) -> str:
    """`br`, `gzip` or the empty word for a header Accept-Encoding (RFC 9110 § 12.5.3): what we have, not what was asked."""
    wanted = {}
    for part in accepted.lower().split(","):
        coding, _semicolon, weight = part.partition(";")
        found = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", weight)
        wanted[coding.strip()] = float(found[1]) if found else float(not weight.strip())
    for coding in ("br", "gzip"):
        if wanted.get(coding, wanted.get("*", 0.0)) > 0:
            return coding
    return ""


@functools.lru_cache(maxsize=REMEMBERED)
def _name(secure: bool, host: str, path: str, query: str) -> Name | None:
    known = parameters_of(path)
    host = host.lower()
    if known is None or host not in _hosts():
        return None
    asked: dict[str, str] = {}
    if query and known:
        for key, value in parse_qsl(query):
            if key in known:
                if key in asked or len(value) > LONGEST_VALUE:
                    return None  # asked twice, or strangely: Django decides
                asked[key] = value
    return Name(secure, host, path, urlencode(sorted(asked.items())))


@functools.lru_cache(maxsize=REMEMBERED)
def parameters_of(path: str) -> frozenset[str] | None:
    """What of a query the public page at that path asks for; None where there is none that says that it is public."""
    try:
        decoded = path.encode("latin-1").decode()  # WSGI's way of carrying bytes (PEP 3333)
        language = translation.get_language_from_path(decoded) or settings.LANGUAGE_CODE
        with translation.override(language):
            found = resolve(decoded)
    except (Resolver404, UnicodeError):
        return None
    known: frozenset[str] | None = getattr(found.func, "parameters", None)
    return known


@functools.cache
def _hosts() -> frozenset[str]:
    """The hosts that pages are kept for: a closed set, however many Django would answer to."""
    plain = [host.lower() for host in settings.ALLOWED_HOSTS if not host.startswith(("*", "."))]
    address = urlsplit(settings.GENSVAR_URL)
    if address.hostname and validate_host(address.hostname, settings.ALLOWED_HOSTS):
        plain.append(address.hostname)
    ports = {settings.PORT, address.port}
    return frozenset(plain) | {f"{host}:{port}" for host in plain for port in ports if port}


@functools.cache
def _private_cookies() -> tuple[str, ...]:
    return (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages")


def _is_secure(environ: Mapping[str, Any]) -> bool:
    if header := settings.SECURE_PROXY_SSL_HEADER:
        said = environ.get(header[0])
        if said is not None:
            return bool(said.split(",", 1)[0].strip() == header[1])
    return bool(environ.get("wsgi.url_scheme") == "https")
