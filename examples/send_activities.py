"""Sends a CSV to the portal; killed and run again it loses and doubles nothing (docs/api.md)."""

import csv, json, os, sys, time
from urllib.request import Request, urlopen
from uuid import NAMESPACE_URL, uuid5

BASE = os.environ["PORTAL_URL"] + "/api/v1/"
HEAD = {"Authorization": f"Bearer {os.environ['PORTAL_KEY']}", "Content-Type": "application/json"}


def call(path, body=None, tries=1):
    request = Request(BASE + path, body and json.dumps(body).encode(), HEAD)
    try:
        return json.load(urlopen(request, timeout=60))
    except Exception as error:  # no network, half an answer, or a problem
        if tries == 9 or getattr(error, "code", 503) not in (429, 500, 502, 503, 504):
            sys.exit(f"{error} {getattr(error, 'read', bytes)().decode()}")
        print(f"{error}: waiting for try {tries + 1} of 9", file=sys.stderr)
        time.sleep(int((getattr(error, "headers", None) or {}).get("Retry-After", 2**tries)))
    return call(path, body, tries + 1)


me, programs, page = call("session/")["user"]["username"], {}, "programs/?limit=200"
while page and (found := call(page)):  # a title that stands twice in a village is "": write the uid
    for key, uid in (((p["title"], v), p["uid"]) for p in found["results"] for v in p["villages"]):
        programs[key] = "" if key in programs else uid
    page = found["next"] and found["next"].partition("/api/v1/")[2]
rows, told = list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8-sig"))), []
for row in rows:  # figures as numbers, empty cells as null: not recorded
    row |= {name: int(v) if v.isdecimal() else v or None for name, v in row.items()}
    row["program"] = programs.get((row["program"], row["village"]), row["program"])
    row["uid"] = str(uuid5(NAMESPACE_URL, f"{me} {row['client_digest']}"))  # the row's own key
for first in range(0, len(rows), 200):
    told += call("submissions/", {"items": rows[first : first + 200]})["results"]
wrong = [one for one in told if one["errors"]]
csv.writer(open(sys.argv[2], "w", newline="")).writerows([told[0], *(x.values() for x in told)])
sys.exit(f"{len(wrong)} of {len(told)} rows to put right: see {sys.argv[2]}" if wrong else 0)
