"""Reference data in Django's admin: offices and population by hand, areas to look at."""

from django.contrib import admin

from .models import AreaChange, AreaShape, District, Opd, Population, Province, Regency, Village


class ReadOnlyAdmin(admin.ModelAdmin):
    """Written by a command only (import_wilayah, import_boundaries, build_schematic_map)."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Province, Regency, District)
class AreaAdmin(ReadOnlyAdmin):
    list_display = ["code", "name", "ended_on"]
    search_fields = ["code", "name"]


@admin.register(Village)
class VillageAdmin(ReadOnlyAdmin):
    list_display = ["code", "name", "kind", "district", "ended_on"]
    list_filter = ["kind"]
    list_select_related = ["district"]
    search_fields = ["code", "name"]


@admin.register(AreaChange)
class AreaChangeAdmin(ReadOnlyAdmin):
    list_display = ["code", "level", "old_code", "old_name", "until"]
    list_filter = ["level"]
    search_fields = ["code", "old_code", "old_name"]


@admin.register(AreaShape)
class AreaShapeAdmin(ReadOnlyAdmin):
    list_display = ["area_code", "kind", "source", "made_at"]
    list_filter = ["kind"]
    search_fields = ["area_code"]
    exclude = ["rings"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("rings")


@admin.register(Opd)
class OpdAdmin(admin.ModelAdmin):
    list_display = ["name", "acronym", "kind", "regency", "valid_from", "valid_until"]
    list_filter = ["kind"]
    list_select_related = ["regency"]
    search_fields = ["name", "acronym"]
    autocomplete_fields = ["regency", "district", "parent"]


@admin.register(Population)
class PopulationAdmin(admin.ModelAdmin):
    list_display = ["area_code", "year", "period", "women", "men", "total"]
    list_filter = ["year"]
    search_fields = ["area_code", "source"]
