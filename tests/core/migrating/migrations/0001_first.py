from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Written",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("said", models.CharField(max_length=20)),
            ],
        )
    ]
