"""The public addresses; what stands in them is for people to read and say aloud."""

from __future__ import annotations

from django.urls import path, re_path

from gensvar.square import (
    answering,
    appearances,
    commenting,
    contact,
    directory,
    exchanges,
    feeds,
    guests,
    leading,
    outcomes,
    pages,
    positions,
    posts,
    private,
    searching,
    sharing,
    subscribing,
    suggesting,
    surveys,
    telling,
    topics,
    verdicts,
    voices,
    workshop,
    writing,
)
from gensvar.square.posters import showing
from gensvar.square.slashes import BESIDE

TOKEN = "(?P<token>[A-Za-z0-9_-]{1,80})"
FORM = "(?P<form>atom|rss|json)"

app_name = "square"
urlpatterns = [
    path("", pages.home, name="home"),
    path("skriv", writing.write, name="write"),
    path("skriv/liknande", suggesting.similar, name="similar"),
    re_path(rf"^skriv/mottaget/{TOKEN}$", writing.received, name="received"),
    re_path(rf"^samtal/{TOKEN}$", private.conversation, name="conversation"),
    re_path(rf"^samtal/{TOKEN}/val$", private.choose, name="choose"),
    re_path(rf"^samtal/{TOKEN}/mejla$", private.mail_link, name="mail_link"),
    re_path(rf"^samtal/{TOKEN}/fil/(?P<attachment_id>[0-9]{{1,18}})$", private.attachment, name="attachment"),
    re_path(rf"^gast/{TOKEN}$", guests.guest, name="guest"),
    re_path(rf"^gast/{TOKEN}/bild/(?P<pk>[0-9]{{1,18}})$", guests.picture, name="guest_picture"),
    path("fragor", exchanges.index, name="exchanges"),
    re_path(r"^fragor/bild/(?P<sha256>[0-9a-f]{64})$", exchanges.picture, name="picture"),
    re_path(
        r"^fragor/(?P<number>[0-9]{4}-[0-9]{1,12})-(?P<slug>[a-z0-9_-]{1,80})$",
        exchanges.exchange,
        name="exchange",
    ),
    re_path(r"^fragor/(?P<number>[0-9]{4}-[0-9]{1,12})$", exchanges.exchange, name="exchange"),
    re_path(
        r"^fragor/(?P<number>[0-9]{4}-[0-9]{1,12})/kommentera$",
        commenting.on_exchange,
        name="comment_exchange",
    ),
    re_path(r"^fragor/(?P<number>[0-9]{4}-[0-9]{1,12})/omdome$", verdicts.verdict, name="verdict"),
    re_path(
        r"^fragor/(?P<year>(?:19|20)[0-9]{2})/(?P<month>0[1-9]|1[0-2])$",
        exchanges.index,
        name="exchanges_month",
    ),
    path("kommentar/tack", commenting.thanks, name="commented"),
    re_path(rf"^kommentar/bekrafta/{TOKEN}$", commenting.confirm, name="confirm_comment"),
    re_path(rf"^kommentar/overklaga/{TOKEN}$", commenting.appeal, name="appeal"),
    re_path(r"^k/(?P<code>[A-Za-z0-9]{1,12})$", sharing.short, name="short"),
    path("dela/fediversum", sharing.fediverse, name="fediverse"),
    re_path(
        r"^dela/bild/(?P<name>(?:[0-9]{4}-[0-9]{1,12}|(?:nytt|star|gjort)-[0-9]{1,18}))/(?P<version>[0-9a-f]{16})\.png$",
        showing.show,
        name="poster",
    ),
    path("nytt", posts.index, name="posts"),
    re_path(r"^nytt/bild/(?P<sha256>[0-9a-f]{64})$", posts.picture, name="post_picture"),
    re_path(r"^nytt/(?P<year>(?:19|20)[0-9]{2})$", posts.index, name="posts_year"),
    re_path(r"^nytt/(?P<year>(?:19|20)[0-9]{2})/(?P<month>0[1-9]|1[0-2])$", posts.index, name="posts_month"),
    re_path(r"^nytt/(?P<year>(?:19|20)[0-9]{2})/(?P<slug>[\w-]{1,255})$", posts.post, name="post"),
    re_path(
        r"^nytt/(?P<year>(?:19|20)[0-9]{2})/(?P<slug>[\w-]{1,255})/kommentera$",
        commenting.on_post,
        name="comment_post",
    ),
    re_path(r"^nytt/$", pages.without_slash, {"name": "nytt"}),
    path("vi-star-for", positions.index, name="positions"),
    re_path(r"^vi-star-for/(?P<slug>[a-z0-9_-]{1,80})$", positions.position, name="position"),
    path("ni-sade-vi-gjorde", outcomes.index, name="outcomes"),
    re_path(
        r"^ni-sade-vi-gjorde/(?P<key>[0-9]{1,18})-(?P<slug>[a-z0-9_-]{1,80})$",
        outcomes.outcome,
        name="outcome",
    ),
    re_path(r"^ni-sade-vi-gjorde/(?P<key>[0-9]{1,18})$", outcomes.outcome, name="outcome"),
    path("verkstad", workshop.index, name="workshop"),
    re_path(
        r"^verkstad/(?P<key>[0-9]{1,18})-(?P<slug>[a-z0-9_-]{1,80})$", workshop.experiment, name="experiment"
    ),
    re_path(r"^verkstad/(?P<key>[0-9]{1,18})$", workshop.experiment, name="experiment"),
    path("hur-vi-leder", surveys.index, name="surveys"),
    re_path(r"^hur-vi-leder/(?P<slug>[0-9]{4}-[a-z0-9_-]{1,90})$", surveys.survey, name="survey"),
    re_path(rf"^ledarskap/{TOKEN}$", leading.answer, name="lead"),
    path("sok", searching.search, name="search"),
    path("har-finns-vi", directory.where_we_are, name="places"),
    path("har-finns-vi/utskrift", directory.sheet, name="places_sheet"),
    path("har-finns-vi.json", directory.as_json, name="places_json"),
    path("har-finns-vi.csv", directory.as_csv, name="places_csv"),
    path("vi-svarar", answering.page, name="answering"),
    path("framtradanden", appearances.page, name="appearances"),
    path("roster", voices.page, name="voices"),
    path("amne", topics.index, name="topics"),
    re_path(r"^amne/(?P<slug>[A-Za-z0-9_-]{1,60})$", topics.topic, name="topic"),
    path("folj", feeds.follow, name="follow"),
    path("folj/brev", subscribing.ask, name="letters"),
    path("folj/brev/skickat", subscribing.asked, name="letters_asked"),
    re_path(rf"^folj/brev/bekrafta/{TOKEN}$", subscribing.confirm, name="confirm_letters"),
    re_path(rf"^folj/brev/{TOKEN}$", subscribing.own, name="own_letters"),
    re_path(rf"^folj/brev/{TOKEN}/avsluta$", subscribing.end, name="end_letters"),
    re_path(rf"^folj/alla\.{FORM}$", feeds.feed, name="feed"),
    re_path(
        rf"^folj/(?P<scope>funktion|amne|person|fraga)/(?P<slug>[A-Za-z0-9_-]{{1,60}})\.{FORM}$",
        feeds.feed,
        name="feed_of",
    ),
    re_path(r"^folj/fraga/(?P<number>[0-9]{4}-[0-9]{1,12})$", feeds.follow_question, name="follow_question"),
    path("om", pages.about, name="about"),
    re_path(
        rf"^(?:samtal|skriv/mottaget|gast|ledarskap|kommentar/(?:bekrafta|overklaga)|folj/brev(?:/bekrafta)?)/{TOKEN}(?P<beside>{BESIDE})$",
        pages.without_its_surroundings,
    ),
    re_path(
        r"^(skriv|sok|fragor|ni-sade-vi-gjorde|vi-star-for|har-finns-vi|vi-svarar|framtradanden|roster|amne|folj|folj/brev|om|kontakt"
        r"|tillganglighet|tillganglighet/beratta|personuppgifter|verkstad|hur-vi-leder)/$",
        pages.without_slash,
    ),
    path("kontakt", contact.contact, name="contact"),
    path("tillganglighet/beratta", telling.tell, name="tell"),
    re_path(
        r"^tillganglighet/version/(?P<number>[1-9][0-9]{0,5})$",
        pages.accessibility,
        name="accessibility_version",
    ),
    path("tillganglighet", pages.accessibility, name="accessibility"),
    path("personuppgifter", pages.personal_data, name="personal_data"),
]
