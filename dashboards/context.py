"""What the frame of every page needs: the portal's name, the person, her menu."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from accounts import devices, key_ends
from accounts.capabilities import FIELD_ROLES, Role
from programs.phone.words import words


@dataclass(frozen=True)
class Link:
    """One entry of the main menu. `apart` stands away from the rest; `exact` is one page only."""

    label: str
    url: str
    icon: str = ""
    under: str = ""
    current: bool = False
    apart: bool = False
    exact: bool = False

    def covers(self, path: str) -> bool:
        """Whether `path` lies under this entry."""
        root = self.under or self.url
        return path == root if self.exact or root == "/" else path.startswith(root)


def portal(request) -> dict:
    """Template context. Nothing is read before a template asks for it."""
    return {"portal": Portal(request)}


class Portal:
    """The frame of one page for one person. Costs no query beyond her own grants."""

    def __init__(self, request):
        self._request = request

    @property
    def demo(self) -> bool:
        return settings.PUG_DEMO

    @property
    def regency(self) -> str:
        return regency_name(settings.PUG_REGENCY)

    @property
    def name(self) -> str:
        return f"Portal PUG {self.regency.removeprefix('Kabupaten ')}".strip()

    @property
    def shell(self) -> bool:
        """Whether this page is made for nobody, to be kept by phones (programs/phone)."""
        return getattr(self._request, "phone_shell", False)

    @property
    def open(self) -> bool:
        """Whether this page is for everybody, and never asks who reads it (OpenPagesMiddleware)."""
        return getattr(self._request, "open_page", False)

    @property
    def words(self) -> dict[str, str]:
        """The sentences that the phone's scripts say."""
        return words()

    @property
    def user(self):
        """The person signed in, or None."""
        user = getattr(self._request, "user", None)
        if self.shell or self.open or user is None or not user.is_authenticated:
            return None
        return user

    @property
    def grants(self) -> list:
        return self.user.grants_today if self.user else []

    @property
    def few(self) -> bool:
        """Whether her pages are the field's. A phone whose owner's task has ended keeps them: its
        scripts clear it when she logs out."""
        if self.shell or not self.user:
            return self.shell
        roles = self.user.roles
        return roles <= FIELD_ROLES and bool(roles or devices.KEY in self._request.session)

    @property
    def heads(self) -> bool:
        """Whether her pages are a village head's (those of nobody are)."""
        return self.shell or "village_head" in self.user.roles

    @property
    def home_url(self) -> str:
        if self.open:
            return self._public("dashboards:public-home").url
        if not self.few or not (self.shell or self.grants):
            return "/"
        return address("programs:phone-home" if self.heads else "programs:facilitator-home")

    @property
    def record_url(self) -> str:
        return address("programs:phone-record" if self.few else "programs:activity-create")

    @property
    def list_url(self) -> str:
        return address("programs:phone-records" if self.few else "programs:activity-list")

    @property
    def account_url(self) -> str:
        """The page of her account and this phone; only those of the field have one."""
        return address("accounts:phone-account") if self.few else ""

    @property
    def keys_url(self) -> str:
        """Keys for tools: for everybody who is signed in."""
        return address("accounts:token-list")

    @property
    def sent_url(self) -> str:
        """What her tools have sent: for those who may record."""
        return address("programs:submission-list") if "log" in self.user.capabilities else ""

    @cached_property
    def ending_keys(self) -> list:
        """Her keys that end soon; asked for by home pages alone."""
        return list(key_ends.ending(self.user.tokens.all())) if self.user else []

    @property
    def password_url(self) -> str:
        return address("accounts:password-change")

    @property
    def logout_url(self) -> str:
        return address("accounts:logout")

    @cached_property
    def links(self) -> list[Link]:
        """Her main menu, the entry she is under marked."""
        if not (self.grants or self.shell or self.open):
            return []
        menu = self._visitor if self.open else self._field if self.few else self._office
        links = [link for link in menu() if link.url]
        here = max(
            (link for link in links if link.covers(self._request.path)),
            key=lambda link: len(link.under or link.url),
            default=None,
        )
        return [Link(**{**vars(link), "current": link is here}) for link in links]

    def _field(self) -> list[Link]:
        """The few at the thumb; a village head's results stand where a facilitator has none."""
        home = (
            Link(_("Home"), self.home_url, "home", exact=True)
            if self.heads
            else Link(_("My villages"), self.home_url, "village")
        )
        results = Link(_("Results"), address("dashboards:phone-results"), "result")
        return [
            home,
            Link(_("Record"), self.record_url, "add"),
            Link(_("My activities"), self.list_url, "list"),
            *([results] if self.heads else []),
            Link(_("Help"), address("programs:phone-help"), "help"),
        ]

    def _office(self) -> list[Link]:
        can = self.user.capabilities
        first = address("dashboards:one-page") if self.user.roles == {Role.LEADER} else ""
        return [
            Link(_("One page"), first),
            Link(_("Overview"), address("dashboards:board")),
            Link(_("Villages"), self._area(), under="/wilayah/"),
            Link(_("Activities"), address("programs:activity-list")),
            Link(_("Review"), address("programs:review-queue") if "verify" in can else ""),
            Link(_("Programs"), address("programs:program-list")),
            Link(_("Map"), address("dashboards:map")),
            Link(_("Reports"), address("dashboards:reports")),
            Link(_("Planning"), address("planning:home")),
            Link(_("Agreements"), address("mou:home")),
            Link(_("Indices"), address("indicators:home")),
            Link(_("Downloads"), address("dashboards:downloads")),
            Link(
                _("Manage"),
                address("accounts:people") if "manage_users" in can else "",
                apart=True,
            ),
        ]

    def _visitor(self) -> list[Link]:
        """What everybody may read, in the language and the period of this page."""
        return [
            self._public("dashboards:public-home", _("Home"), exact=True),
            self._public("dashboards:public-places", _("Districts and villages")),
            self._public("dashboards:public-programs", _("Programs")),
            self._public("dashboards:public-map", _("Map")),
            self._public("dashboards:public-data", _("Open data")),
            self._public("dashboards:public-about", _("About the data")),
        ]

    def _public(self, name: str, label: str = "", *, exact: bool = False) -> Link:
        path = address(name)
        return Link(label, path + self._request.open_query, under=path, exact=exact)

    def _area(self) -> str:
        """The page of the one area she works in; with several, of all hers or of the regency."""
        areas = {grant.village or grant.district for grant in self.grants}
        only = areas.pop() if len(areas) == 1 else None
        return address("dashboards:area", only.code if only else settings.PUG_REGENCY)


def address(name: str, *args) -> str:
    """The path of a page, or "" where this portal has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@lru_cache
def regency_name(code: str) -> str:
    """A regency's name from the shipped list, "" when unknown: no page asks the database for it."""
    path = settings.DATA_DIR / "wilayah" / "regencies.csv"
    if not path.exists():
        return ""
    with path.open(encoding="utf-8", newline="") as rows:
        return next((row["name"] for row in csv.DictReader(rows) if row["code"] == code), "")
