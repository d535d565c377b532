"""What a request says of its body costs us nothing: only the kind, the boundary and UTF-8 are believed."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from gensvar.config.content_type import plain
from gensvar.config.wsgi import application


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("multipart/form-data; boundary=----WebKitFormBoundaryA1", None),
        ('multipart/form-data; boundary="a b"', None),
        ("application/x-www-form-urlencoded; charset=UTF-8", None),
        ("text/plain;charset=utf-8", None),
        ("application/json", None),
        ("multipart/form-data; boundary=X;", "multipart/form-data; boundary=X"),
        ('multipart/form-data; boundary="a;b"', 'multipart/form-data; boundary="a;b"'),
        ("multipart/form-data; charset=punycode; boundary=X", "multipart/form-data; boundary=X"),
        ("multipart/form-data; boundary=X; boundary=Y", "multipart/form-data; boundary=X"),
        ("text/plain; charset*=punycode''abc", "text/plain"),
        (
            "multipart/form-data; boundary=a,b",
            "multipart/form-data",
        ),  # half a boundary would read an empty form
        ('text/plain; a=";;;', "text/plain"),
        ("text/plain; a=" + ";" * 2000, ""),
        ("nothing that one knows", ""),
    ],
)
def test_a_body_is_what_browsers_say_and_no_more(given: str, told: str | None) -> None:
    assert plain(given) == (given if told is None else told)


def test_django_is_never_told_in_which_charset_to_read() -> None:
    """Punycode is decoded in a time that grows as the square: a form of some megabytes would never have ended."""
    environ = RequestFactory().get("/_util/login/").environ
    environ["CONTENT_TYPE"] = "multipart/form-data; boundary=X; charset=punycode"
    said: list[str] = []
    application(environ, lambda status, headers: said.append(status))
    assert said == ["302 Found"]
    assert environ["CONTENT_TYPE"] == "multipart/form-data; boundary=X"
