from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("migrating", "0001_first")]
    operations = [migrations.AddField("written", "at", models.FloatField(null=True))]
