"""What a post is made of: the parts that an editor puts together. Neighbours: models (the page), gate (what is seen)."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from gensvar.people.models import Function

_NAMED: Final = re.compile(
    r"(?:[\w-]+\.)+[^\W\d][\w-]+"
)  # a host of the internet by its name, never by number
WORDS: Final = ["h2", "h3", "bold", "italic", "ol", "ul", "link"]


def functions() -> list[tuple[str, str]]:
    """The functions that may stand in a contact box, by slug."""
    return [(one.slug, str(one)) for one in Function.objects.filter(active=True)]


class Picture(blocks.StructBlock):
    """A picture; its focal point is set on the image itself."""

    image = ImageChooserBlock(label=_("picture"))
    alternative = blocks.CharBlock(
        label=_("what it shows, in words"),
        max_length=300,
        help_text=_("For those who cannot see it."),
    )
    caption = blocks.CharBlock(label=_("caption"), required=False, max_length=300)

    class Meta:
        icon = "image"
        label = _("Picture")


class Quotation(blocks.StructBlock):
    """Somebody else's words, with where they stood."""

    text = blocks.TextBlock(label=_("the words"))
    who = blocks.CharBlock(label=_("who said it"), required=False, max_length=200)
    source = SnippetChooserBlock("publishing.Source", label=_("where it stood"))

    class Meta:
        icon = "openquote"
        label = _("Quotation")


class Facts(blocks.StructBlock):
    """A box of facts beside the story."""

    heading = blocks.CharBlock(label=_("heading"), max_length=120)
    text = blocks.RichTextBlock(label=_("text"), features=["bold", "italic", "ol", "ul", "link"])

    class Meta:
        icon = "list-ul"
        label = _("Fact box")


class Contact(blocks.StructBlock):
    """The function that answers questions about this."""

    function = blocks.ChoiceBlock(label=_("function"), choices=functions)
    text = blocks.TextBlock(label=_("what to ask them about"), required=False)

    class Meta:
        icon = "mail"
        label = _("Contact box")


def can_be_followed(address: str) -> bool:
    """Whether a reader could follow it to where it seems to lead: http or https, a host by its name, no log-in before it."""
    try:
        parts = urlsplit(address)
        scheme, host, signed = parts.scheme, parts.hostname or "", "@" in parts.netloc
    except ValueError:
        return False
    return scheme in {"http", "https"} and not signed and _NAMED.fullmatch(host) is not None


def leads_to_a_film(address: str) -> None:
    """Raises ValidationError for what no reader could follow, or what seems to be elsewhere than it is."""
    if not can_be_followed(address):
        raise ValidationError(
            _(
                "This is no address of a film. It begins with https:// and the name of a site, such as film.example."
            )
        )


class Film(blocks.StructBlock):
    """A plain link: nothing is fetched from where the film lies before the reader goes there."""

    title = blocks.CharBlock(label=_("title"), max_length=200)
    url = blocks.URLBlock(label=_("address of the film"), validators=[leads_to_a_film])
    image = ImageChooserBlock(label=_("picture"), required=False)
    alternative = blocks.CharBlock(
        label=_("what the picture shows, in words"), required=False, max_length=300
    )
    length = blocks.CharBlock(label=_("how long it is"), required=False, max_length=40)

    class Meta:
        icon = "media"
        label = _("Film")


class Parts(blocks.StreamBlock):
    """All of them, in any order."""

    text = blocks.RichTextBlock(label=_("Text"), features=WORDS)
    picture = Picture()
    quotation = Quotation()
    facts = Facts()
    contact = Contact()
    film = Film()


class Body(StreamField):
    """The parts as one column; their definitions stay out of migrations, since the column is the same whatever they are."""

    def __init__(self, block_types: Any = None, *, verbose_name: str | Promise = "", **options: Any) -> None:
        super().__init__(block_types or Parts(), verbose_name=verbose_name, **options)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """For migrations."""
        name, path, _args, options = super().deconstruct()
        options.pop("block_lookup", None)
        return name, path, [], options
