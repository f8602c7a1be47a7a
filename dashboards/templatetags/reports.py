"""What documents draw, and what lists of them say."""

from django import template

from ..reports import codes, drawings
from ..reports.checking import filter_of
from ..reports.kinds import KINDS

register = template.Library()

register.filter("ink", drawings.ink)
register.filter("grouped", codes.grouped)
register.simple_tag(drawings.months_drawing, name="months_drawing")
register.simple_tag(drawings.places_map, name="places_map")


@register.filter
def kind_label(name: str) -> str:
    return str(KINDS[name].label)


@register.filter
def period_of(report) -> str:
    return filter_of(report.period, report.basis).period
