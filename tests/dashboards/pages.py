"""Pages as the tests of the boards read them: their words, their links, their figures."""

import re

from django.utils.html import strip_tags


def visit(client, person, address: str):
    client.force_login(person)
    return client.get(address)


def html(response) -> str:
    """What stands in the page's main part."""
    return response.content.decode().split("<main")[1].split("</main>")[0]


def words(response) -> str:
    return plain(html(response))


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(re.sub("<", " <", text))).strip()


def section(response, title_id: str) -> str:
    """The words of the section whose title has this id."""
    page = html(response).split(f'aria-labelledby="{title_id}"', 1)[1]
    return plain(page.split(">", 1)[1].split("</section>")[0])


def figure(response, name: str) -> str:
    """The HTML of one big number, with what stands behind it."""
    page = html(response).split(f'data-figure="{name}"', 1)[1]
    return page.split(">", 1)[1].split("</details>")[0]


def behind(shown: str, name: str) -> str:
    """Where a figure's HTML leads to the list of its numerator, or by `name-whole` its whole."""
    return re.findall(rf'href="([^"]+)" data-behind="{name}"', shown)[0].replace("&amp;", "&")


def links(text: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]+)"', text)]


def chips(response) -> dict[str, str]:
    """{words of a filter in use: the address without it}"""
    found = re.findall(
        r'class="chip" href="([^"]*)"><span class="visually-hidden">[^<]*</span>([^<]*)<',
        html(response),
    )
    return {label.strip(): link.replace("&amp;", "&") for link, label in found}
