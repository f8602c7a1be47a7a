"""What a program does with the client that openapi-generator made: run by that client's own Python.

Arguments: the portal's address. The key is read from PORTAL_KEY. Says "well" when all was so.
"""

import os
import sys
import uuid
from datetime import date

import pug_client
from pug_client.exceptions import ApiException

settings = pug_client.Configuration(host=sys.argv[1], access_token=os.environ["PORTAL_KEY"])
client = pug_client.ApiClient(settings)
me = pug_client.SessionApi(client).session()
villages = pug_client.VillagesApi(client).villages_list(district="64.01.04", limit=5)
programs = pug_client.ProgramsApi(client).programs(state="active")
assert "log" in me.capabilities, me
assert villages.results[0].code.startswith("64.01"), villages

program = programs.results[0]
items = [
    pug_client.ActivityItem(
        uid=uuid.uuid4(),
        program=program.uid,
        village=program.villages[0],
        held_on=date(2026, 3, 4),
        title=f"Pertemuan {number}",
        stage="execution",
        kind="meeting",
        women_participants=number,
        men_participants=3,
    )
    for number in range(1, 8)
]
submissions = pug_client.SubmissionsApi(client)
answer = submissions.submissions_create(pug_client.Batch(items=items), x_client="story/1")
assert answer.summary.accepted == len(items), answer
receipt = submissions.submission(items[0].uid)
assert receipt.number == answer.results[0].number, receipt

activities, seen, cursor = pug_client.ActivitiesApi(client), [], None
while True:
    page = activities.activities(limit=3, cursor=cursor)
    seen += [row.uid for row in page.results]
    if page.next is None:
        break
    cursor = page.next.split("cursor=")[1].split("&")[0]
assert {item.uid for item in items} <= set(seen), seen
assert len(seen) == len(set(seen))

one = activities.activity(items[0].uid)
assert one.values.women_participants == 1, one
try:
    activities.activity(uuid.uuid4())
    sys.exit("A record that does not exist was answered")
except ApiException as problem:
    if problem.status != 404:
        raise
sys.stdout.write("well\n")
