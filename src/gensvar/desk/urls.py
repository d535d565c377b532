"""The desk's own addresses, before Wagtail's. Every view says which permissions it needs; the table in tests knows them all."""

from __future__ import annotations

from allauth.account.views import logout
from django.urls import path, re_path
from django.views.generic import RedirectView
from wagtail.utils.urlpatterns import decorate_urlpatterns

from gensvar.core.roles import May
from gensvar.desk import (
    acts,
    colleagues,
    comments,
    envelopes,
    files,
    first,
    giving_out,
    inbox,
    links,
    outbox,
    outcomes,
    posts,
    revealing,
    saved_screens,
    writing,
)
from gensvar.desk.absences import screens as absences
from gensvar.desk.access import inside, needs
from gensvar.desk.appearances.urls import urlpatterns as appearances
from gensvar.desk.calendar.urls import urlpatterns as calendar
from gensvar.desk.guests.urls import urlpatterns as guests
from gensvar.desk.handing.urls import urlpatterns as handing
from gensvar.desk.managing.urls import urlpatterns as managing
from gensvar.desk.own_settings import OwnAccountView
from gensvar.desk.positions.urls import urlpatterns as positions
from gensvar.desk.publishing_views import PublishView
from gensvar.desk.surveys.urls import urlpatterns as surveys
from gensvar.desk.voices.urls import urlpatterns as voices
from gensvar.desk.workshop.urls import urlpatterns as workshop

app_name = "desk"

_at = "inkorg/<str:number>/"

_screens = [
    path("", inbox.home, name="home"),
    path("account/", OwnAccountView.as_view(), name="account"),
    path("inkorg/", inbox.inbox, name="inbox"),
    path("inkorg/nytt/", inbox.news, name="news"),
    path("inkorg/kollegor/", colleagues.names, name="colleagues"),
    path(_at, inbox.conversation, name="conversation"),
    path(f"{_at}skriv/", writing.write, name="write"),
    path(f"{_at}visa-nummer/", revealing.phone, name="reveal_phone"),
    path(f"{_at}svar/<int:message_id>/angra/", writing.take_back, name="take_back"),
    path(f"{_at}svar/<int:message_id>/", writing.deliveries, name="deliveries"),
    path(f"{_at}leverans/<int:delivery_id>/igen/", writing.try_again, name="try_again"),
    path(f"{_at}leverans/<int:delivery_id>/gjort/", writing.by_hand, name="by_hand"),
    path(f"{_at}publicera/", needs(May.PUBLISH)(PublishView.as_view()), name="publish"),
    re_path(
        r"^inkorg/(?P<number>[^/]+)/publicera/bild/(?P<sha256>[0-9a-f]{64})/$",
        files.public_picture,
        name="public_picture",
    ),
    *(path(f"{_at}{name}/", acts.act_view(name), name=f"act_{name}") for name in acts.ACTS),
    path("vyer/", saved_screens.saved_views, name="saved_views"),
    path("vyer/<int:pk>/", saved_screens.saved_view, name="saved_view"),
    path("skriv-forst/", first.first, name="first"),
    path("fil/<int:pk>/", files.file, name="file"),
    path("fil/utkast/<int:pk>/", files.draft_file, name="draft_file"),
    path("fil/<int:pk>/liten/", files.small, name="thumbnail"),
    path("ord/<int:pk>/", files.html, name="html"),
    path("ord/<int:pk>/som-mottaget/", files.received, name="received"),
    path("kommentarer/", comments.comments, name="comments"),
    path("kommentarer/<int:pk>/", comments.comment, name="comment"),
    path("kuvert/", envelopes.envelopes, name="envelopes"),
    path("kuvert/<int:pk>/ratext/", envelopes.raw, name="envelope_raw"),
    path("kuvert/<int:pk>/igen/", envelopes.retry, name="envelope_retry"),
    path("lamna-ut/", giving_out.give_out, name="give_out"),
    path("utkorg/", outbox.outbox, name="outbox"),
    path("utkorg/<int:pk>/", outbox.delivery, name="delivery"),
    path("lankar/", links.links, name="links"),
    path("lankar/<int:pk>/", links.link, name="link"),
    path("kortlankar/", links.short, name="short_links"),
    path("kortlankar/<int:pk>/vila/", links.dead_short_link, name="dead_short_link"),
    path("inlagg/", posts.posts, name="posts"),
    path("ni-sade-vi-gjorde/", outcomes.outcomes, name="outcomes"),
    path("ni-sade-vi-gjorde/ny/", outcomes.new, name="new_outcome"),
    path("ni-sade-vi-gjorde/<int:pk>/", outcomes.outcome, name="outcome"),
    path("kallor/", posts.sources, name="sources"),
    path("franvaro/", absences.own, name="own_absences"),
    path("franvaro/vilka/", absences.coming, name="absences"),
    path("franvaro/vilka/<int:pk>/", absences.of_another, name="absences_of"),
    path("serier/", posts.series, name="series"),
    *calendar,
    *guests,
    *positions,
    *voices,
    *surveys,
    *workshop,
    *appearances,
    *handing,
    *managing,
]

urlpatterns = [
    path("logout/", logout, name="logout"),  # Wagtail's menu posts here
    path("login/", RedirectView.as_view(pattern_name="account_login", query_string=True), name="login"),
    path(
        "password_reset/", RedirectView.as_view(pattern_name="account_reset_password"), name="password_reset"
    ),
    *decorate_urlpatterns(_screens, inside),
]
