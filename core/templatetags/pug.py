"""Tags and filters of every page."""

from typing import Any

from django import template
from django.forms import CheckboxSelectMultiple, RadioSelect
from django.template.loader_tags import BLOCK_CONTEXT_KEY

from core import formats
from core.staticfiles import addresses

register = template.Library()

register.filter("date_long", formats.day_long)
register.filter("date_short", formats.day_short)
register.filter("datetime_wita", formats.moment)
register.filter("count", formats.count)
register.filter("rupiah", formats.rupiah)
register.filter("rupiah_short", formats.rupiah_short)
register.filter("percent", formats.percent)

#: The bar's parts in the order they are drawn; the fill's class and the swatch's step.
LEVELS = (
    ("level_0", "level-0", "0"),
    ("level_1", "level-1", "1"),
    ("level_2", "level-2", "2"),
    ("level_3", "level-3", "3"),
    ("level_4", "level-4", "4"),
    ("no_data", "level-no-data", "no-data"),
    ("men_with_gender_goal", "level-men", "men"),
)
#: A part that is there at all can be seen: this many hundredths at least.
LEAST_WIDTH = 1.5


@register.simple_tag
def joined(name: str) -> list[str]:
    """The addresses of a part of settings.PACKED: one where it is joined, else all."""
    return addresses(name)


@register.simple_tag(takes_context=True)
def block_text(context, name: str) -> str:
    """What the page put into block `name`, escaped as in the page; "" where it put nothing."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    text = block.render(context) if block else ""
    return text if text.strip() else ""


@register.filter
def anchor(field) -> str:
    """The id of the first thing to fill in for a form field."""
    if isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.filter
def page_numbers(page) -> list[int | None]:
    """The page numbers worth showing around this one; None stands for a gap."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in numbers]


@register.simple_tag
def level_parts(levels) -> dict:
    """The parts of a stacked bar 100 wide, from an object or dict of counts by level.

    Returns all parts, those shown (not empty) and their total.
    """
    parts: list[dict[str, Any]] = [
        {"name": name, "css": css, "step": step, "count": _value(levels, name)}
        for name, css, step in LEVELS
    ]
    shown = [part for part in parts if part["count"]]
    for part, (x, width) in zip(shown, _spans([part["count"] for part in shown]), strict=True):
        part |= {"x": f"{x:.2f}", "width": f"{width:.2f}"}
    kept = [part for part in parts if part["count"] or part["step"] != "men"]
    return {"all": kept, "shown": shown, "total": sum(part["count"] for part in shown)}


def _value(levels, name: str) -> int:
    value = levels.get(name) if isinstance(levels, dict) else getattr(levels, name, None)
    return value or 0


def _spans(counts: list[int]) -> list[tuple[float, float]]:
    """Start and width of each count on a line 100 long; the smallest stays visible."""
    total = sum(counts)
    widths = [max(100 * count / total, LEAST_WIDTH) for count in counts]
    scale = 100 / sum(widths) if widths else 0
    spans, x = [], 0.0
    for width in widths:
        spans.append((x, width * scale))
        x += width * scale
    return spans


@register.simple_tag
def share_parts(n: int | None, m: int | None) -> dict:
    """The fill of a share bar 100 wide; `none` when there is nothing to divide by."""
    if n is None or not m:
        return {"none": True, "width": 100, "share": None}
    return {"none": False, "width": f"{100 * n / m:.2f}", "share": (n, m)}
