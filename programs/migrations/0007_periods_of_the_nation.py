from django.db import migrations

#: Every column that a board of provinces sums, in one index: 84,000 rows are read in a row and not
#: from as many pages of the table. PostgreSQL only; a portal on SQLite holds one regency.
COLUMNS = (
    "activities, counted, with_women, called_off, women_participants, men_participants,"
    " women_beneficiaries, men_beneficiaries, women_deciders, men_deciders, no_data, level_0,"
    " level_1, level_2, level_3, level_4, men_with_gender_goal, women_target_judged,"
    " women_target_involved"
)


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "create index period_whole on programs_villageperiod"
            f" (year, semester, basis, village_id) include ({COLUMNS})"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("drop index period_whole")


class Migration(migrations.Migration):
    dependencies = [("programs", "0006_newest_of_a_village")]

    operations = [migrations.RunPython(make, drop)]
