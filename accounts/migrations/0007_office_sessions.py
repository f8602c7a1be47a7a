from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_data_requests'),
    ]

    operations = [
        migrations.AddField(
            model_name='device',
            name='session_key',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
    ]
