"""The areas of which a person may have a document made."""

from __future__ import annotations

from django.conf import settings

from villages.models import Level as AreaLevel

from ..areas import Area, district_title, village_title

#: More villages than these are not offered in one list: the office's own regency then.
MOST_VILLAGES = 1000


def areas_for(user) -> list[Area]:
    """Regencies, districts and villages wholly in her reach, from the top. Three queries."""
    villages = user.villages_with("view").live()
    regencies, districts = user.regencies_with("view"), user.districts_with("view")
    if villages.count() > MOST_VILLAGES:
        here = settings.PUG_REGENCY
        villages = villages.under(here)
        regencies, districts = regencies.filter(code=here), districts.filter(regency__code=here)
    named = villages.order_by("district__code", "name").values_list(
        "code", "kind", "name", "district__name"
    )
    return [
        *(
            Area(AreaLevel.REGENCY, code, name)
            for code, name in regencies.order_by("code").values_list("code", "name")
        ),
        *(
            Area(AreaLevel.DISTRICT, code, district_title(name))
            for code, name in districts.order_by("code").values_list("code", "name")
        ),
        *(
            Area(AreaLevel.VILLAGE, code, village_title(kind, name), district_title(district))
            for code, kind, name, district in named
        ),
    ]
