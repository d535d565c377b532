"""The addresses of administration, part of the desk's own."""

from __future__ import annotations

from django.urls import path

from gensvar.desk.managing import (
    days,
    functions,
    knowing,
    outside_logins,
    people,
    place_settings,
    places,
    playbooks,
    statements,
    topics,
)

urlpatterns = [
    path("funktioner/", functions.functions, name="functions"),
    path("funktioner/ny/", functions.function, name="new_function"),
    path("funktioner/<int:pk>/", functions.function, name="function"),
    path("personer/", people.people, name="people"),
    path("personer/ny/", people.new_person, name="new_person"),
    path("personer/<int:pk>/", people.person, name="person"),
    path("platser/", places.places, name="contact_points"),
    path("platser/ny/", places.place, name="new_contact_point"),
    path("platser/<int:pk>/", places.place, name="contact_point"),
    path("platser/se-efter/", places.watching_over, name="watching"),
    path("platser/<int:pk>/sedd/", places.looked, name="looked"),
    path(
        "platser/<int:place>/tidigare/<int:pk>/",
        places.end_former_address,
        name="end_former_address",
    ),
    path("platser/<int:pk>/kanal/", place_settings.place_settings, name="contact_point_settings"),
    path("platser/<int:place>/inloggning/ny/", outside_logins.outside_login, name="new_outside_login"),
    path("platser/<int:place>/inloggning/<int:pk>/", outside_logins.outside_login, name="outside_login"),
    path("inloggningar-utanfor/", outside_logins.outside_logins, name="outside_logins"),
    path("inloggningar-utanfor/ny/", outside_logins.outside_login, name="add_outside_login"),
    path("inloggningar-utanfor/<int:pk>/", outside_logins.outside_login, name="change_outside_login"),
    path("inloggningar-utanfor/<int:pk>/kanner/<int:person>/", knowing.knowing, name="knowing"),
    path("tillganglighet/", statements.accessibility, name="accessibility"),
    path("tillganglighet/brist/ny/", statements.failure, name="new_failure"),
    path("tillganglighet/brist/<int:pk>/", statements.failure, name="failure"),
    path("om-kommunen/", statements.provider, name="provider"),
    path("besok/", statements.offices, name="offices"),
    path("besok/nytt/", statements.office, name="new_office"),
    path("besok/<int:pk>/", statements.office, name="office"),
    path("amnen/", topics.topics, name="topics"),
    path("amnen/nytt/", topics.topic, name="new_topic"),
    path("amnen/<int:pk>/", topics.topic, name="topic"),
    path("spelbocker/", playbooks.playbooks, name="playbooks"),
    path("spelbocker/var-egen/", playbooks.playbook_file, name="playbook_file"),
    path("spelbocker/<int:pk>/", playbooks.playbook, name="playbook"),
    path("arbetsdagar/", days.days, name="days"),
]
