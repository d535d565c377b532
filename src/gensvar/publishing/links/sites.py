"""Whose a host is, as far as its name tells, and how pages look that stand on a domain for sale. Data, and two questions.

The registrable name is taken by a short list, not by the whole public suffix list: where the list lacks an ending, two
owners below it count as one and a change between them is not seen; nothing is called strange that is not.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

# Endings below which everybody may register: of countries, and of houses that many live in.
SHARED: Final = frozenset(
    {
        *(f"{kind}.uk" for kind in ("co", "org", "ac", "gov", "me", "ltd", "plc", "net", "sch")),
        *(
            f"{kind}.{land}"
            for kind in ("com", "org", "net", "gov", "edu")
            for land in ("au", "br", "cn", "mx", "pl", "tr")
        ),
        *(
            "co.nz",
            "co.jp",
            "co.za",
            "co.in",
            "co.kr",
            "or.at",
            "co.at",
            "pp.se",
            "tm.se",
            "org.se",
            "parti.se",
            "press.se",
        ),
        *(
            "github.io",
            "gitlab.io",
            "netlify.app",
            "vercel.app",
            "pages.dev",
            "web.app",
            "firebaseapp.com",
            "herokuapp.com",
        ),
        *(
            "wordpress.com",
            "blogspot.com",
            "blogg.se",
            "tumblr.com",
            "wixsite.com",
            "weebly.com",
            "webnode.se",
            "one.site",
        ),
        *(
            "azurewebsites.net",
            "cloudfront.net",
            "amazonaws.com",
            "substack.com",
            "medium.com",
            "neocities.org",
        ),
    }
)
# Hosts that show pages for domains nobody uses, and what such pages say.
PARKING_HOSTS: Final = frozenset(
    "sedo.com sedoparking.com hugedomains.com dan.com afternic.com bodis.com parkingcrew.net above.com uniregistry.com "
    "domainmarket.com undeveloped.com buydomains.com skenzo.com".split()
)
_PARKED: Final = re.compile(
    r"(?:this |the )?domain(?: name)?(?: \S{3,80})? (?:is|may be|has been put up) (?:for sale|parked|available for purchase)"
    r"|buy this domain|domain (?:name )?for sale|parked (?:free|domain)|this (?:web ?page|site) is parked"
    r"|domän(?:en|namnet)?(?: \S{3,80})? (?:är|kan vara) (?:till salu|parkera[dt]|ledig)|köp (?:den här|denna) domänen"
    r"|parkerad hos \S+|domän till salu",
    re.IGNORECASE,
)


def host_of(address: str) -> str:
    """The host of an address, in lower case; empty for none."""
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def site_of(host: str) -> str:
    """The part of a host name that somebody registered: "a.b.example" is of "b.example"."""
    labels = host.lower().rstrip(".").split(".")
    if len(labels) <= 2 or labels[-1].isdecimal() or ":" in host:
        return ".".join(labels)
    size = 3 if ".".join(labels[-2:]) in SHARED else 2
    return ".".join(labels[-size:])


def is_parked(host: str, title: str, text: str) -> bool:
    """Whether the page that was seen at `host` is one that stands on a domain which nobody uses."""
    if site_of(host) in PARKING_HOSTS:
        return True
    # A long text that mentions such words somewhere is about something else.
    return bool(_PARKED.search(title) or (len(text) < 1500 and _PARKED.search(text)))
