"""The screen before the gate: what came, what would be seen, and a person's yes to each word of it."""

from __future__ import annotations

from typing import Final, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from gensvar.conversations.models import Attachment, Conversation, Message
from gensvar.conversations.queries import visible_to
from gensvar.core import topics
from gensvar.core.access import require
from gensvar.core.ids import row_id
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.desk.pictures import THUMBNAILS
from gensvar.publishing import gate, services
from gensvar.publishing.models import PublicExchange, PublicPicture, PublicText

SEEN_AT_THE_WORD: Final = frozenset({"approve", "unapprove", "picture", "picture-away", "yes"})


class PublishView(View):
    """Prepare, change, approve, publish and withdraw one conversation's public side; everything works as a plain form."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Only for those who may publish, and only conversations that they see."""
        self.staff = cast(User, request.user)
        require(self.staff, May.PUBLISH)
        found = visible_to(self.staff).select_related("function").filter(number=kwargs["number"]).first()
        if found is None:
            raise Http404
        self.conversation: Conversation = found
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """Each word as it came beside what would be seen of it, and below them exactly what the public would get."""
        exchange = self._exchange()
        texts = (
            list(
                services.texts_of(exchange)
                .select_related("message__person", "message__contact")
                .prefetch_related("pictures", "message__attachments")
                .order_by("message__at", "message_id")
            )
            if exchange
            else []
        )
        preview = gate.as_it_would_be(exchange) if exchange else None
        return render(
            request,
            "desk/publish.html",
            {
                "conversation": self.conversation,
                "exchange": exchange,
                "texts": texts,
                "vocabulary": list(topics.in_use()) if exchange else [],
                "topics": set(exchange.topics.all()) if exchange else set(),
                "preview": preview,
                "closed": services.closed_to_all(self.conversation) if preview is None else [],
                "published": exchange is not None and exchange.state == PublicExchange.State.PUBLISHED,
                "missing": self._missing(exchange),
                "thumbnails": THUMBNAILS,
            },
        )

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        """One button of the screen; what cannot be done says why and changes nothing."""
        action = request.POST.get("action", "")
        act = getattr(self, f"act_{action.replace('-', '_')}", None)
        if act is None:
            raise Http404
        try:
            act(request)
        except services.NotPublishable as error:
            for reason in error.reasons:
                messages.error(request, reason)
            action = ""
        # One goes on reading where one is; all else is said at the top. A browser keeps the place of an address without one.
        place = f"gate-word-{_id(request, 'word')}" if action in SEEN_AT_THE_WORD else "main"
        return redirect(f"{reverse('desk:publish', args=[number])}#{place}")

    def act_prepare(self, request: HttpRequest) -> None:
        """Make a proposed text for every word that has none."""
        services.prepare(self.conversation, by=self.staff)

    def act_title(self, request: HttpRequest) -> None:
        """Save the headline."""
        services.save_title(self._must_exist(), request.POST.get("title", ""), by=self.staff)
        messages.success(request, _("The headline is saved."))

    def act_topics(self, request: HttpRequest) -> None:
        """Save what it is about."""
        services.save_topics(self._must_exist(), request.POST.getlist("topic"), by=self.staff)
        messages.success(request, _("The topics are saved."))

    def act_save(self, request: HttpRequest) -> None:
        """Save a text as it would be seen."""
        services.save_text(self._text(request), request.POST.get("text", ""), by=self.staff)
        messages.success(request, _("The text is saved. It is seen once it is approved."))

    def act_approve(self, request: HttpRequest) -> None:
        """Save a text and approve it."""
        services.save_and_approve(self._text(request), request.POST.get("text", ""), by=self.staff)
        messages.success(request, _("Approved."))

    def act_unapprove(self, request: HttpRequest) -> None:
        """Take the approval of a text back."""
        services.unapprove(self._text(request), by=self.staff)

    def act_picture(self, request: HttpRequest) -> None:
        """Show a picture with its word."""
        text = self._text(request)
        attachment = Attachment.objects.filter(message=text.message, pk=_id(request, "attachment")).first()
        if attachment is None:
            raise Http404
        services.add_picture(text, attachment, request.POST.get("alternative", ""), by=self.staff)
        messages.success(request, _("The picture is added, without place and camera data."))

    def act_picture_away(self, request: HttpRequest) -> None:
        """Show a picture no longer."""
        row = PublicPicture.objects.filter(
            text__exchange=self._must_exist(), pk=_id(request, "picture")
        ).first()
        if row is None:
            raise Http404
        services.remove_picture(row, by=self.staff)

    def act_yes(self, request: HttpRequest) -> None:
        """Note a yes that was given in another way."""
        text = self._text(request)
        if text.message.direction != Message.Direction.IN:
            raise Http404
        services.record_yes(text.message, request.POST.get("how", ""), by=self.staff)
        messages.success(request, _("The yes is noted."))

    def act_publish(self, request: HttpRequest) -> None:
        """Let the public see it."""
        services.publish(self._must_exist(), by=self.staff)
        messages.success(request, _("Published. Everyone can read it now."))

    def act_withdraw(self, request: HttpRequest) -> None:
        """Show it no longer."""
        services.withdraw(self._must_exist(), request.POST.get("reason", ""), by=self.staff)
        messages.success(request, _("Withdrawn. Nobody outside sees it any more."))

    def _exchange(self) -> PublicExchange | None:
        return (
            PublicExchange.objects.filter(conversation=self.conversation)
            .select_related("conversation", "function")
            .first()
        )

    def _must_exist(self) -> PublicExchange:
        exchange = self._exchange()
        if exchange is None:
            raise Http404
        return exchange

    def _text(self, request: HttpRequest) -> PublicText:
        row = (
            PublicText.objects.filter(exchange=self._must_exist(), pk=_id(request, "word"))
            .select_related("exchange__conversation", "message__contact", "message__conversation")
            .first()
        )
        if row is None:
            raise Http404
        return row

    def _missing(self, exchange: PublicExchange | None) -> int:
        if exchange is None:
            return 0
        return services.words_of(self.conversation).exclude(public_text__exchange=exchange).count()


def _id(request: HttpRequest, name: str) -> int:
    if not (found := row_id(request.POST.get(name))):
        raise Http404
    return found
