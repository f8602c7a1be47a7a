"""What a person reads in the package, and the script that loads it elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from .contents import Table, kind_of

LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0: tables of class T. Class I: for the office only",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}

ENGLISH = """\
# Portal PUG: everything that is not secret

One CSV for each table in `data/` (UTF-8, comma, first line names the columns; moments in UTC with
their offset; what is missing is empty, an empty text is `""`). `datapackage.json` says what each
table and column means, which words may stand in it, which column points where, and the SHA-256 of
each file (Frictionless Data Package; `frictionless validate datapackage.json` checks it).

`pug:class` T: open, CC BY 4.0. I: names people who work with the portal; hand it to a successor
only. Passwords, keys, sessions and second factors (class R) are not here: people get new ones.

## Load it into PostgreSQL

    createdb pug_copy
    psql -d pug_copy -v ON_ERROR_STOP=1 -f load.sql      # in this folder

`load.sql` makes plain tables, fills them with `\\copy`, then adds primary and foreign keys.

## Into SQLite, R, Python, a spreadsheet

Every CSV opens as it is: `sqlite3 copy.db ".import --csv data/programs_activity.csv activity"`,
`read.csv("data/programs_activity.csv")`, `pandas.read_csv`, LibreOffice.

## Photos and documents

`data/media.csv` lists them by path and SHA-256; copy the folder `media` of the server beside it.
"""

INDONESIAN = """\
# Portal PUG: semua data yang tidak rahasia

Satu CSV untuk setiap tabel di `data/` (UTF-8, koma, baris pertama nama kolom; waktu dalam UTC;
yang tidak ada dibiarkan kosong, teks kosong ditulis `""`). `datapackage.json` menjelaskan arti
setiap tabel dan kolom, kata yang boleh dipakai, kolom mana menunjuk ke mana, dan SHA-256
setiap berkas (Frictionless Data Package; periksa dengan `frictionless validate datapackage.json`).

`pug:class` T: terbuka, CC BY 4.0. I: memuat nama orang yang bekerja dengan portal; serahkan
hanya kepada penerus. Kata sandi, kunci dan sesi (kelas R) tidak ada di sini: orang mendapat
yang baru.

## Memuat ke PostgreSQL

    createdb pug_salinan
    psql -d pug_salinan -v ON_ERROR_STOP=1 -f load.sql      # di dalam folder ini

`load.sql` membuat tabel biasa, mengisinya dengan `\\copy`, lalu menambah kunci utama
dan kunci tamu.

## Ke SQLite, R, Python, atau lembar kerja

Setiap CSV dapat dibuka langsung:
`sqlite3 salinan.db ".import --csv data/villages_village.csv desa"`,
`read.csv("data/programs_activity.csv")`, `pandas.read_csv`, LibreOffice.

## Foto dan dokumen

`data/media.csv` memuat daftarnya menurut letak dan SHA-256; salin folder `media` dari
komputer layanan.
"""


def load_script(tables: Iterable[Table]) -> str:
    """For psql: tables, rows, keys. Pointers are checked at the end, all rows being there."""
    every = list(tables)
    there = {table.name for table in every}
    lines = ["\\set ON_ERROR_STOP on", "begin;"]
    lines += map(_create, every)
    lines += [
        f"\\copy {_q(t.name)} from 'data/{t.name}.csv' with (format csv, header)" for t in every
    ]
    lines += [
        f"alter table {_q(t.name)} add primary key ({_q(t.key.column)});"
        for t in every
        if t.key in t.fields
    ]
    lines += [line for table in every for line in _pointers(table, there)]
    return "\n".join([*lines, "commit;", ""])


def _create(table: Table) -> str:
    columns = ", ".join(f"{_q(one.column)} {kind_of(one)[1]}" for one in table.fields)
    return f"create table {_q(table.name)} ({columns});"


def _pointers(table: Table, there: set[str]) -> Iterable[str]:
    for one in table.fields:
        target = one.remote_field and one.remote_field.model._meta.db_table
        # Only to keys: what else is unique was not written down.
        if target in there and one.target_field.primary_key:
            yield (
                f"alter table {_q(table.name)} add foreign key ({_q(one.column)})"
                f" references {_q(target)};"
            )


def _q(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))
