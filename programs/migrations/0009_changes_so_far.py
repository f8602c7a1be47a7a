"""The feed of changes begins with what is on file: a line for each program and activity."""

from django.db import migrations

PROGRAMS = """
insert into programs_change (xid, kind, uid, village_id, version, op, step, at)
select 0, 'program', uid, null, version, 'created', '', updated_at from programs_program
order by created_at, uid
"""
ACTIVITIES = """
insert into programs_change (xid, kind, uid, village_id, version, op, step, at)
select 0, 'activity', uid, village_id, version,
  case state when 'voided' then 'deleted' else 'created' end,
  case state when 'voided' then 'voided' when 'verified' then 'verified'
    when 'returned' then 'returned' else 'submitted' end,
  updated_at
from programs_activity order by updated_at, uid
"""


class Migration(migrations.Migration):
    dependencies = [("programs", "0008_changes_imports_webhooks")]
    operations = [
        migrations.RunSQL([PROGRAMS, ACTIVITIES], "delete from programs_change"),
    ]
