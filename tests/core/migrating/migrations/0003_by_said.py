from django.db import migrations, models

import core.schema


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("migrating", "0002_at")]
    operations = [
        core.schema.AddIndexBesideWriters(
            "written", models.Index(fields=["said"], name="written_by_said")
        )
    ]
