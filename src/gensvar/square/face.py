"""The municipality's face: one style sheet of what our pages use, with its colour and typefaces, and its coat of arms.

Both addresses carry a digest of what they give, so a browser asks once and a new choice is seen at once. Neighbour: colours.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from gensvar.square import colours
from gensvar.square.headers import harmless, public

OURS: Final = Path(__file__).parent / "static" / "gensvar"
VENDOR: Final = OURS / "vendor"
COMPONENTS: Final = (  # of Designsystemet: those that stand in our templates, in the order of its own sheet
    "alert", "button", "details", "error-summary", "field", "fieldset", "heading", "input", "label", "link", "list",
    "skip-link", "table", "validation-message",
)  # fmt: skip
SANS, SERIF = "Source Sans 3", "Source Serif 4"
FACES: Final = ((SANS, "source-sans-3", 400), (SANS, "source-sans-3", 600), (SERIF, "source-serif-4", 600))
RANGES: Final = {  # what a browser fetches a file for: Swedish and its neighbours; Sámi, Polish and other Latin letters
    "latin": "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212",
    "latin-ext": "U+0100-0130,U+0132-0151,U+0154-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1E00-1E9F,U+1EF2-1EFF",
}
ARABIC: Final = (
    "IBM Plex Sans Arabic"  # square.css names it on Arabic pages alone, so no other page fetches it
)
ARABIC_FACES: Final = ((ARABIC, "ibm-plex-sans-arabic", 400), (ARABIC, "ibm-plex-sans-arabic", 600))
ARABIC_RANGE: Final = "U+0600-06FF,U+0750-077F,U+0870-08FF,U+200C-200E,U+2010-2011,U+FB50-FDFF,U+FE70-FEFC"
PICTURES: Final = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}
FOREVER: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Part:
    """What one address gives, and the short digest in it."""

    data: bytes
    content_type: str
    digest: str


def _part(data: bytes, content_type: str) -> Part:
    return Part(data, content_type, hashlib.sha256(data).hexdigest()[:12])


@functools.cache
def sheet() -> Part:
    """The style sheet, whole, as this process gives it until it ends."""
    layers = [
        "@layer ds.theme, ds.base, ds.components;",
        (VENDOR / "designsystemet-theme.css").read_text(encoding="utf-8"),
    ]
    layers.append(f"@layer ds.base{{{_component('base')}}}")
    layers += [f"@layer ds.components{{{_component(name)}}}" for name in COMPONENTS]
    layers += [
        _typefaces(),
        (OURS / "square.css").read_text(encoding="utf-8"),
        _colours(settings.GENSVAR_COLOUR),
    ]
    return _part("\n".join(layers).encode(), "text/css")


@functools.cache
def arms() -> Part:
    """The coat of arms: the file that the setting names, or a made-up one. Raises OSError."""
    path = Path(settings.GENSVAR_ARMS) if settings.GENSVAR_ARMS else OURS / "arms.svg"
    return _part(path.read_bytes(), PICTURES[path.suffix.lower()])


def sheet_address() -> str:
    """Where the style sheet is now."""
    return reverse("face_sheet", args=[sheet().digest])


def arms_address() -> str:
    """Where the coat of arms is now."""
    return reverse("face_arms", args=[arms().digest])


def first_fonts() -> list[str]:
    """Those that every page begins with: asked for at once, so that they are there in time."""
    if get_language() == "ar":
        return [_font(family, "arabic", weight) for _name, family, weight in ARABIC_FACES]
    return [_font(family, "latin", weight) for _name, family, weight in FACES]


@require_safe
@public
def give_sheet(request: HttpRequest, digest: str) -> HttpResponse:
    """The style sheet; 404 for one that is no longer, which a page as old as that has by heart."""
    return _give(sheet(), digest)


@require_safe
@public
def give_arms(request: HttpRequest, digest: str) -> HttpResponse:
    """The coat of arms; a script in its file is run by nobody."""
    return _give(arms(), digest)


def _give(part: Part, digest: str) -> HttpResponse:
    if digest != part.digest:
        raise Http404
    response = harmless(part.data, part.content_type)
    response["Cache-Control"] = FOREVER
    return response


def _component(name: str) -> str:
    return (VENDOR / "components" / f"{name}.css").read_text(encoding="utf-8")


def _font(family: str, letters: str, weight: int) -> str:
    return static(f"gensvar/vendor/fonts/{family}-{letters}-{weight}-normal.woff2")


def _typefaces() -> str:
    """Shown if they are there in time: a page never moves for a letter's sake (font-display: optional)."""
    latin = [(face, letters, range_) for face in FACES for letters, range_ in RANGES.items()]
    arabic = [(face, "arabic", ARABIC_RANGE) for face in ARABIC_FACES]
    return "".join(
        f'@font-face{{font-family:"{name}";font-weight:{weight};font-display:optional;'
        f'src:url("{_font(family, letters, weight)}") format("woff2");unicode-range:{range_}}}'
        for (name, family, weight), letters, range_ in latin + arabic
    )


def _colours(chosen: str) -> str:
    light, dark = (
        ";".join(f"--ds-color-accent-{step}:{colour}" for step, colour in steps.items())
        for steps in colours.scale(chosen)
    )
    where = ":root,[data-color-scheme]"
    return f"{where}{{{light}}}@media (prefers-color-scheme: dark){{{where}{{{dark}}}}}"
