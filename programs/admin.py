"""Reference data only: the activity lines of Permendagri 20/2018."""

from django.contrib import admin

from .models import ActivityCode


@admin.register(ActivityCode)
class ActivityCodeAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "level", "women_relevance"]
    list_filter = ["level", "women_relevance"]
    search_fields = ["code", "name"]
    raw_id_fields = ["parent"]
