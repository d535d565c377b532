"""Addresses of positions in the desk; all of them take the permission to publish."""

from __future__ import annotations

from django.urls import path

from gensvar.desk.positions import screens, writing

urlpatterns = [
    path("stallningstaganden/", screens.positions, name="positions"),
    path("stallningstaganden/ny/", writing.new, name="new_position"),
    path("stallningstaganden/<int:pk>/", screens.position, name="position"),
    path("stallningstaganden/<int:pk>/lydelse/", writing.wording, name="position_wording"),
]
