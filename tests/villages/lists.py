"""Small lists of areas in the shape of the ministry's, to be spoilt by tests."""

from __future__ import annotations

from pathlib import Path

HEADERS = {
    "provinces": "code,parent_code,name",
    "regencies": "code,parent_code,name",
    "districts": "code,parent_code,name",
    "villages": "code,parent_code,name,kind",
    "village_points": "code,longitude,latitude",
}
ROWS = {
    "provinces": ["64,,Kalimantan Timur"],
    "regencies": ["64.01,64,Kabupaten Paser", "64.02,64,Kabupaten Kutai Kartanegara"],
    "districts": [
        "64.01.04,64.01,Tanah Grogot",
        "64.01.05,64.01,Kuaro",
        "64.02.01,64.02,Muara Jawa",
    ],
    "villages": [
        "64.01.04.1001,64.01.04,Tanah Grogot,kelurahan",
        "64.01.04.2002,64.01.04,Janju,desa",
        "64.01.04.2003,64.01.04,Tepian Batang,desa",
        "64.01.05.2002,64.01.05,Lolo,desa",
        "64.02.01.2001,64.02.01,Muara Kembang,desa",
    ],
    "village_points": [
        "64.01.04.1001,116.19,-1.91",
        "64.01.04.2002,116.22,-1.88",
        "64.01.04.2003,116.15,-1.90",
        "64.01.05.2002,116.05,-1.80",
    ],
}


class Lists:
    """A folder of lists; `write` replaces one, `edit` changes text in one."""

    def __init__(self, folder: Path):
        self.folder = folder
        (folder / "wilayah").mkdir()
        for name, rows in ROWS.items():
            self.write(name, "\n".join([HEADERS[name], *rows]) + "\n")

    def path(self, name: str) -> Path:
        return self.folder / "wilayah" / f"{name}.csv"

    def write(self, name: str, text: str | bytes) -> None:
        self.path(name).write_bytes(text.encode() if isinstance(text, str) else text)

    def edit(self, name: str, old: str, new: str) -> None:
        text = self.path(name).read_text()
        assert old in text
        self.write(name, text.replace(old, new))

    def drop(self, *codes: str) -> None:
        """Take villages, and their points, off the list."""
        for name in ("villages", "village_points"):
            lines = self.path(name).read_text().splitlines()
            kept = [line for line in lines if not line.startswith(codes)]
            self.write(name, "\n".join(kept) + "\n")
