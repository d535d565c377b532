"""Addresses: the desk and log-in without a language in them, the public side in Swedish at the root and English under /en/."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from gensvar.desk import icons, media
from gensvar.square import face, pages, sitemap

urlpatterns = [
    path(
        "desk/login/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
        name="wagtail_login",
    ),
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("desk/", include("gensvar.desk.urls")),
    path("desk/sprite/", icons.icons, name="wagtailadmin_sprite"),
    path("desk/", include(wagtailadmin_urls)),
    path("media/<path:name>", media.picture),
    path("konto/", include("gensvar.desk.account_urls")),
    path("utseende/<slug:digest>.css", face.give_sheet, name="face_sheet"),
    path("vapen/<slug:digest>", face.give_arms, name="face_arms"),
    path("robots.txt", pages.robots),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    re_path(
        r"^sitemap-(?P<name>fragor|nytt)-(?P<year>(?:19|20)[0-9]{2})-(?P<month>0[1-9]|1[0-2])\.xml$",
        sitemap.part,
    ),
    re_path(
        r"^sitemap-(?P<name>sidor|vi-star-for|ni-sade-vi-gjorde|verkstad|hur-vi-leder)\.xml$", sitemap.part
    ),
    path(".well-known/security.txt", pages.security),
    *i18n_patterns(
        path("", include("gensvar.square.urls")),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]

handler400 = "gensvar.square.errors.bad_request"
handler403 = "gensvar.square.errors.not_allowed"
handler404 = "gensvar.square.errors.not_found"
handler500 = "gensvar.config.faults.broken"
