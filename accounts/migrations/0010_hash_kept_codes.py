"""Recovery codes that django-otp kept readable are hashed; its two tables stay behind, empty."""

from django.contrib.auth.hashers import make_password
from django.db import migrations

KEPT = """
    select d.user_id, t.token from otp_static_statictoken t
    join otp_static_staticdevice d on d.id = t.device_id
"""


def hash_codes(apps, schema_editor):
    connection = schema_editor.connection
    if "otp_static_statictoken" not in connection.introspection.table_names():
        return
    hashes: dict[int, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(KEPT)
        for user, code in cursor.fetchall():
            hashes.setdefault(user, []).append(make_password(code))
        cursor.execute("delete from otp_static_statictoken")
        cursor.execute("delete from otp_static_staticdevice")
    codes = apps.get_model("accounts", "RecoveryCodes").objects
    for user, of_hers in hashes.items():
        codes.create(user_id=user, name="recovery", hashes=of_hers)


class Migration(migrations.Migration):

    dependencies = [("accounts", "0009_recovery_codes")]

    operations = [migrations.RunPython(hash_codes, migrations.RunPython.noop)]
