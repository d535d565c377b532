"""The addresses of guests."""

from __future__ import annotations

from django.urls import path

from gensvar.desk.guests import screens

urlpatterns = [
    path("gaster/", screens.guests, name="guests"),
    path("gaster/ny/", screens.new, name="new_guest"),
    path("gaster/<int:pk>/", screens.guest, name="guest"),
    path("gaster/<int:pk>/bild/<int:number>/", screens.picture, name="guest_picture"),
]
