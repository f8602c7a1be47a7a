"""The constructed example of a gender analysis: farmers' training that women hardly reach.

Invented throughout, and marked “contoh” wherever it is read. Pure: writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from planning.content import (
    ActionSaid,
    BaselineSaid,
    CauseSaid,
    Content,
    DataSaid,
    FactorSaid,
    IndicatorSaid,
)

#: Why the first version comes back: this is said as the only cause, and then corrected.
WEAK_CAUSE = "Kurangnya kesadaran perempuan tani (contoh)"
REMARK = (
    "“Kurang kesadaran” jarang menjadi satu-satunya sebab. Apa di kantor sendiri yang membuat "
    "perempuan tidak ikut: undangan, jam, tim, anggaran? (contoh)"
)
SOURCE = "Contoh, bukan data nyata"
PLACE = "Desa Contoh, Kecamatan Kuaro"
CODE = "3.27.02.2.01 (contoh)"

Key = Callable[[str], UUID]


def written(start: Content, key: Key, *, live: bool) -> Content:
    """The whole analysis, on top of what the portal filled in. `key`: the same for the same row in
    every run. `live`: the portal has records of the year before, from which the output starts."""
    last = start.year - 1
    data = (*_data(key, last), *_live(key, last, live), *start.data_rows)
    return replace(
        start,
        code=CODE,
        goal="Petani mahir merawat bibit dan tanaman (contoh)",
        audience="Petani padi, lada dan sayur, perempuan dan laki-laki",
        new_goal=(
            "Petani perempuan dan laki-laki mahir merawat bibit dan menerima bibit secara adil "
            "(contoh)"
        ),
        data_rows=data,
        factors=_factors(key),
        causes=_causes(key),
        actions=_actions(key),
        baselines=_baselines(key, live),
        indicators=_indicators(key, start.year),
    )


def unfinished(whole: Content, key: Key) -> Content:
    """As it was first submitted: with the weak cause in place of the office's own."""
    causes = tuple(
        replace(one, text=WEAK_CAUSE) if one.key == key("team") else one for one in whole.causes
    )
    return replace(whole, causes=causes)


def _data(key: Key, year: int) -> tuple[DataSaid, ...]:
    def counted(name: str, text: str, women: int, men: int) -> DataSaid:
        where = {"unit": "orang", "year": year, "place": PLACE, "source": SOURCE}
        return DataSaid(key(name), f"{text} (contoh)", women, men, **where)

    method = DataSaid(
        key("method-data"),
        "Petani perempuan yang menerapkan cara baru (contoh)",
        value=Decimal(12),
        unit="%",
        year=year,
        place=PLACE,
        source=SOURCE,
    )
    told = "Pelatihan diadakan pukul 19.30 di rumah warga sejauh 6 km (wawancara, contoh)"
    return (
        counted("trainees", "Peserta pelatihan", 4, 46),
        counted("growers", "Petani lada dan sayur yang aktif, menurut daftar poktan", 95, 120),
        counted("team-data", "Anggota tim pelaksana kegiatan (TPK)", 0, 5),
        counted("seedlings", "Penerima bibit", 4, 46),
        method,
        DataSaid(key("hours"), told, year=year, place=PLACE, source=SOURCE),
    )


def _live(key: Key, year: int, live: bool) -> tuple[DataSaid, ...]:
    """The portal's own figures of the year before, which it fills in itself."""
    if not live:
        return ()
    return tuple(
        DataSaid(key(f"live-{measure}"), measure=measure, portal={"year": year})
        for measure in ("participants", "villages")
    )


def _factors(key: Key) -> tuple[FactorSaid, ...]:
    said = (
        ("access", "Undangan hanya untuk ketua poktan, semuanya laki-laki", "trainees"),
        ("participation", "Hanya 8 % peserta pelatihan perempuan", "trainees"),
        ("control", "Tidak ada perempuan di antara 5 anggota TPK", "team-data"),
        ("benefit", "Bibit hanya dibagikan kepada peserta pelatihan", "seedlings"),
    )
    return tuple(
        FactorSaid(key(kind), kind, f"{text} (contoh)", key(data)) for kind, text, data in said
    )


def _causes(key: Key) -> tuple[CauseSaid, ...]:
    said = (
        ("team", "internal", "SK TPK tidak memuat perempuan", "control"),
        ("money", "internal", "Tidak ada dana sesi siang dan penjagaan anak", "participation"),
        ("belief", "internal", "Panitia menganggap “petani” berarti kepala keluarga", "access"),
        ("night", "external", "Bepergian malam dianggap tidak pantas bagi perempuan", "access"),
        ("ride", "external", "Sedikit perempuan yang punya sepeda motor", "access"),
        ("group", "external", "KWT belum terdaftar sebagai kelompok tani", "benefit"),
    )
    return tuple(
        CauseSaid(key(name), scope, f"{text} (contoh)", key(factor))
        for name, scope, text, factor in said
    )


def _actions(key: Key) -> tuple[ActionSaid, ...]:
    said = (
        ("invite", "Mengundang lewat KWT dan PKK", ("belief", "group"), 15_000_000),
        (
            "day",
            "Sesi siang di balai desa dengan sudut anak",
            ("money", "night", "ride"),
            60_000_000,
        ),
        ("seats", "Paling sedikit 2 perempuan dalam TPK", ("team",), 20_000_000),
        ("half", "Separuh bibit dibagikan lewat KWT", ("group",), 90_000_000),
    )
    return tuple(
        ActionSaid(
            key(name),
            f"{text} (contoh)",
            tuple(map(key, causes)),
            "Pelatih, bahan, konsumsi (contoh)",
            "Bidang Penyuluhan (contoh)",
            budget,
            "apbd",
        )
        for name, text, causes, budget in said
    )


def _baselines(key: Key, live: bool) -> tuple[BaselineSaid, ...]:
    said = (
        ("start", "Peserta perempuan", "live-participants" if live else "trainees", "women_share"),
        ("team-start", "Perempuan dalam TPK", "team-data", "women_share"),
        ("seed-start", "Penerima bibit perempuan", "seedlings", "women_share"),
        ("method-start", "Petani perempuan yang menerapkan cara baru", "method-data", "value"),
    )
    return tuple(
        BaselineSaid(key(name), f"{text} (contoh)", key(data), of) for name, text, data, of in said
    )


def _indicators(key: Key, year: int) -> tuple[IndicatorSaid, ...]:
    said = (
        ("output", "Bagian perempuan di antara peserta", "start", "day", "participants"),
        ("output", "Bagian perempuan dalam TPK", "team-start", "seats", ""),
        ("outcome", "Bagian perempuan di antara penerima bibit", "seed-start", "half", ""),
        ("outcome", "Petani perempuan yang menerapkan cara baru", "method-start", "day", ""),
    )
    return tuple(
        IndicatorSaid(
            key(f"indicator-{start}"),
            kind,
            f"{text} (contoh)",
            key(start),
            key(action),
            Decimal(40),
            "%",
            date(year, 12, 31),
            "women",
            measure,
        )
        for kind, text, start, action, measure in said
    )
