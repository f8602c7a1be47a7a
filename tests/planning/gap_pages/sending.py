"""The pages of an analysis as they are filled in and sent."""

from django.urls import reverse

from core.identifiers import uuid7
from planning.content import content_of
from planning.models import GenderAnalysis


def step(analysis, key: str) -> str:
    return reverse("planning:gap-step", args=[analysis.pk, key])


def rows(where: str, *said: dict, **plain) -> dict:
    """What a page sends of these rows; each may bring its `key`."""
    sent: dict = {where: [], **plain}
    for one in said:
        key = str(one.get("key") or uuid7())
        sent[where].append(key)
        sent |= {f"{where}-{key}-{name}": value for name, value in one.items() if name != "key"}
    return sent


def send(client, analysis, key: str, sent: dict, do: str = "save", version: int | None = None):
    analysis.refresh_from_db()
    version = analysis.version if version is None else version
    return client.post(step(analysis, key), {"version": version, "do": do, **sent})


def kept(analysis):
    return content_of(GenderAnalysis.objects.get(pk=analysis.pk))


def on_page(client, analysis, key: str) -> dict:
    """Everything that the form of the step would send as it stands."""
    form = client.get(step(analysis, key)).context["form"]
    sent: dict = {"version": form.version}
    for one in form.lists:
        sent.setdefault(one.where, []).extend(str(row.key) for row in one.forms)
    for part in form.parts:
        for box in part:
            value = box.value()
            if value not in (None, False):
                sent[box.html_name] = value
    return sent
