"""What a resident fills in: as little as possible, each thing in words that say why it is asked; neighbours: arriving, writing.

The field names are those that the web channel reads out of the kept bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxLengthValidator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from gensvar.contract.values import AnswerBy, File
from gensvar.square import guards
from gensvar.square.logs import BEFORE_KEYS

LONGEST_TEXT: Final = 50_000  # characters
LONGEST_COMMENT: Final = 5_000
MOST_FILES: Final = 10
MOST_BYTES: Final = 25 * 1024 * 1024  # all files together; the whole form may hold GENSVAR_LARGEST_WORD
KINDS: Final = (
    *("jpg", "jpeg", "png", "webp", "gif", "heic", "heif", "avif"),
    *("pdf", "txt", "rtf", "odt", "docx", "ods", "xlsx", "csv"),
    *("mp3", "m4a", "mp4", "mov"),
)
KEY_IN_ADDRESS: Final = re.compile(rf"{BEFORE_KEYS}\S{{20,}}", re.IGNORECASE)
ACCEPT: Final = ",".join(["image/*", *(f".{kind}" for kind in KINDS)])


WRONG_ADDRESS: Final = _("The address looks wrong. It should look like name@example.org.")


class OneLine(forms.CharField):
    """A line of text: a line break or another control character in it is somebody's trick, or a slip of the finger."""

    def clean(self, value: Any) -> Any:
        """The text without space around it. Raises ValidationError."""
        text = super().clean(value)
        if any(ord(character) < 32 or ord(character) == 127 for character in text):
            raise ValidationError(_("This may only be one line, without line breaks."))
        return text


def _line(label: Any, longest: int, *, autocomplete: str, help_text: Any = "", **attributes: str) -> OneLine:
    widget = forms.TextInput({"class": "ds-input", "autocomplete": autocomplete, **attributes})
    return OneLine(label=label, max_length=longest, required=False, help_text=help_text, widget=widget)


def _mailbox(help_text: Any) -> OneLine:
    """A line for an e-mail address, judged where something stands in it."""
    line = _line(
        _("Your e-mail address"),
        254,
        autocomplete="email",
        help_text=help_text,
        type="email",
        inputmode="email",
        spellcheck="false",
    )
    line.validators.append(EmailValidator(WRONG_ADDRESS))
    return line


class WordsForm(forms.Form):
    """The words and the files: all that a reply needs. Files are judged in the kept bytes, not by Django."""

    error_css_class = "invalid"
    text = forms.CharField(
        label=_("What do you want to say or ask?"),
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea({"class": "ds-input", "rows": 8, "dir": "auto"}),
        error_messages={"required": _("Write what is on your mind. A few words are enough.")},
    )
    files: Any = forms.Field(required=False, label=_("Pictures or files"))

    def __init__(self, *args: Any, came: Sequence[File] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.came = came
        self.next_id = ""  # under which it is shown again where the one that it came with holds no more

    @property
    def form_id(self) -> str:
        """The id that this showing of it carries."""
        typed = str(self.data.get(guards.FORM, "")) if self.is_bound else ""
        return self.next_id or typed or guards.new_form_id()

    def clean_text(self) -> str:
        """Raises ValidationError for words that are only space."""
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise ValidationError(self.fields["text"].error_messages["required"], code="required")
        return text

    def clean_files(self) -> Sequence[File]:
        """Raises ValidationError, naming the file, for what we cannot take."""
        if len(self.came) > MOST_FILES:
            raise ValidationError(
                ngettext(
                    "At most %(most)d file can go with it.",
                    "At most %(most)d files can go with it.",
                    MOST_FILES,
                )
                % {"most": MOST_FILES}
            )
        for file in self.came:
            if file.filename.rpartition(".")[2].lower() not in KINDS:
                raise ValidationError(
                    gettext(
                        "“%(name)s” is of a kind that we do not take. Send it as a picture, a PDF or a text."
                    )
                    % {"name": file.filename[:80]}
                )
            if not file.data:  # as a telephone sends a picture that lies elsewhere
                raise ValidationError(
                    gettext("“%(name)s” is empty: nothing of it came along. Choose it again.")
                    % {"name": file.filename[:80]}
                )
        if sum(len(file.data) for file in self.came) > MOST_BYTES:
            raise ValidationError(
                gettext("The files are larger than %(most)d MB together. Choose fewer or smaller ones.")
                % {"most": MOST_BYTES // 1024 // 1024}
            )
        return self.came

    def marked(self) -> WordsForm:
        """The form with each wrong field told to be so, and by what, for those who hear the page (WAI-ARIA 1.2)."""
        for name in self.errors:
            if name in self.fields:
                attributes = self.fields[name].widget.attrs
                attributes["aria-invalid"] = "true"
                told = [f"id_{name}_error"] + [f"id_{name}_helptext"] * bool(self.fields[name].help_text)
                attributes["aria-describedby"] = " ".join(told)
        return self


ANSWER_BY: Final = [
    (AnswerBy.EMAIL.value, _("By e-mail")),
    (AnswerBy.HERE.value, _("Only here, at a private link")),
    (AnswerBy.PHONE.value, _("Call me")),
    (AnswerBy.LETTER.value, _("By letter")),
]


class WriteForm(WordsForm):
    """A first word: everything but the text may be left as it is."""

    place = _line(
        _("Where is it?"),
        200,
        autocomplete="off",
        help_text=_("A street, a house, a bus stop: whatever helps us find it."),
    )
    answer_by = forms.ChoiceField(
        label=_("How do you want the answer?"),
        choices=ANSWER_BY,
        required=False,
        widget=forms.RadioSelect({"class": "ds-input"}),
    )
    email = _line(
        _("Your e-mail address"),
        254,
        autocomplete="email",
        type="email",
        inputmode="email",
        spellcheck="false",
    )
    phone = _line(_("Your phone number"), 50, autocomplete="tel", type="tel")
    postal_address = forms.CharField(
        label=_("Your postal address"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"class": "ds-input", "rows": 3, "autocomplete": "street-address"}),
    )
    name = _line(
        _("Your name"), 200, autocomplete="name", help_text=_("You may leave it out. We answer all the same.")
    )
    may_publish = forms.BooleanField(
        label=_("My question and your answer may be shown to others"),
        required=False,
        widget=forms.CheckboxInput({"class": "ds-input"}),
    )
    show_name = forms.BooleanField(
        label=_("My name may stand beside it"),
        required=False,
        widget=forms.CheckboxInput({"class": "ds-input"}),
    )

    def clean_answer_by(self) -> str:
        """What was chosen; only here where nothing was."""
        return self.cleaned_data["answer_by"] or AnswerBy.HERE.value

    def clean(self) -> dict[str, Any]:
        """Raises nothing itself: marks the field that the chosen way of answering needs.

        The fields of the other ways are not seen then, so what was begun in them stops nobody; it is kept as it was written.
        """
        data: dict[str, Any] = super().clean() or {}
        by = data.get("answer_by")
        needed = {
            AnswerBy.EMAIL: ("email", _("Write the address that we may answer to, or choose another way.")),
            AnswerBy.PHONE: ("phone", _("Write the number that we may call, or choose another way.")),
            AnswerBy.LETTER: (
                "postal_address",
                _("Write where the letter should go, or choose another way."),
            ),
        }
        for way, (name, sentence) in needed.items():
            if way != by:
                self.errors.pop(name, None)
            elif not data.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        if by == AnswerBy.EMAIL and (email := data.get("email")):
            try:
                EmailValidator()(email)
            except ValidationError:
                self.add_error("email", WRONG_ADDRESS)
        return data


class ReplyForm(WordsForm):
    """A further word in one's own conversation."""

    may_publish = forms.BooleanField(
        label=_("What I write now may be shown to others"),
        required=False,
        widget=forms.CheckboxInput({"class": "ds-input"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Write more")
        self.fields["text"].widget.attrs["rows"] = 5


class ShortForm(WordsForm):
    """Words alone, of some lines, with lines that may be added; `no_files` says so to whoever sends a file."""

    no_files: ClassVar[Any] = _("Only words go here. Write to us if you want to send a file.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["rows"] = 6

    def clean_files(self) -> Sequence[File]:
        """Raises ValidationError where a file came with it."""
        if self.came:
            raise ValidationError(self.no_files)
        return ()


class CommentForm(ShortForm):
    """A word for everybody to read under a page: who wrote it is told as they wish, and an address confirms it."""

    no_files = _("A comment is words alone. Write to us if you want to send a file.")
    name = _line(
        _("Your name, as it will be shown"),
        60,
        autocomplete="nickname",
        help_text=_("A first name is enough. If you leave it out, it says “somebody in the municipality”."),
    )
    email = _mailbox(
        _("Never shown. We send a link there: when you have opened it, the comment can be shown.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = self.fields["text"]
        text.label = _("Your comment")
        text.validators.append(MaxLengthValidator(LONGEST_COMMENT))
        self.fields["email"].required = True
        self.fields["email"].error_messages["required"] = _(
            "Write your address, so that we can ask you to confirm."
        )


class AccessibilityForm(ShortForm):
    """What somebody could not use: the words are enough; which page, and an address for the answer, may be added."""

    place = _line(
        _("Which page is it about?"),
        200,
        autocomplete="off",
        help_text=_("Its address, or a few words. You may leave it out."),
    )
    email = _mailbox(
        _("Only if you want the answer by e-mail. Without it the answer stands at a private link.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What is hard to use, or missing?")

    def clean_place(self) -> str:
        """Raises ValidationError where the key of somebody's own conversation or letters stands in it."""
        place: str = self.cleaned_data["place"]
        if KEY_IN_ADDRESS.search(place):
            raise ValidationError(
                _("That is a private address: whoever has it can read there. Name the page in words instead.")
            )
        return place


class AppealForm(WordsForm):
    """Why a comment should be shown after all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Why should it be shown?")
        self.fields["text"].widget.attrs["rows"] = 6
