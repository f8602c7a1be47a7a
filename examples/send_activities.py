"""Sends a CSV to the portal; killed and run again it loses and doubles nothing (docs/api.md)."""

import csv
import json
import os
import sys
import time
from urllib.request import Request, urlopen
from uuid import NAMESPACE_URL, uuid5


def call(path, body=None, tries=1):
    head = {"Authorization": "Bearer " + os.environ["PUG_KEY"], "Content-Type": "application/json"}
    request = Request(os.environ["PUG_URL"] + "/api/v1/" + path, body, head)
    try:
        return json.loads(urlopen(request, timeout=60).read())
    except Exception as error:  # no network, half an answer, or a problem
        if tries == 9 or getattr(error, "code", 503) not in (429, 500, 502, 503, 504):
            sys.exit(f"{error} {getattr(error, 'read', bytes)().decode()}")
        time.sleep(int((getattr(error, "headers", None) or {}).get("Retry-After", 2**tries)))
    return call(path, body, tries + 1)


me, found = call("session/")["user"]["username"], call("programs/?limit=200")["results"]
programs = {(p["title"], village): p["uid"] for p in found for village in p["villages"]}
rows = list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8-sig")))
for row in rows:  # figures as numbers, empty cells as null: not recorded
    row |= {name: int(v) if v.isdecimal() else v or None for name, v in row.items()}
    row["program"] = programs.get((row["program"], row["village"]), row["program"])
    row["uid"] = str(uuid5(NAMESPACE_URL, f"{me} {row['client_digest']}"))  # the row's own key
receipts = csv.writer(open(sys.argv[2], "w", newline="", encoding="utf-8"))
receipts.writerow(["uid", "client_digest", "outcome", "number", "received_at", "errors"])
for first in range(0, len(rows), 200):
    batch = json.dumps({"items": rows[first : first + 200]}).encode()
    receipts.writerows(one.values() for one in call("submissions/", batch)["results"])
