"""Areas and offices as the API gives them: parents by code, with the name beside it."""

from rest_framework import serializers

from .models import District, Opd, Province, Regency, Village


class ProvinceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Province
        fields = ["code", "name", "ended_on"]


class RegencySerializer(serializers.ModelSerializer):
    province = serializers.CharField(source="province.code")

    class Meta:
        model = Regency
        fields = ["code", "name", "province", "ended_on"]


class DistrictSerializer(serializers.ModelSerializer):
    regency = serializers.CharField(source="regency.code")

    class Meta:
        model = District
        fields = ["code", "name", "regency", "ended_on"]


class VillageSerializer(serializers.ModelSerializer):
    district = serializers.CharField(source="district.code")
    district_name = serializers.CharField(source="district.name")
    regency = serializers.CharField(source="district.regency.code")
    has_apbdes = serializers.BooleanField(help_text="False for a kelurahan", read_only=True)

    class Meta:
        model = Village
        fields = [
            "code",
            "name",
            "kind",
            "district",
            "district_name",
            "regency",
            "has_apbdes",
            "longitude",
            "latitude",
            "ended_on",
        ]


class OpdSerializer(serializers.ModelSerializer):
    regency = serializers.CharField(source="regency.code")
    district = serializers.CharField(
        source="district.code", allow_null=True, help_text="Set for a district office"
    )

    class Meta:
        model = Opd
        fields = [
            "id",
            "name",
            "acronym",
            "kind",
            "regency",
            "district",
            "valid_from",
            "valid_until",
        ]


class GeometrySerializer(serializers.Serializer):
    type = serializers.ChoiceField(["MultiPolygon"])
    coordinates = serializers.ListField(help_text="Longitude, latitude (WGS84)")


class VillagePropertiesSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(Village.Kind.choices)
    district = serializers.CharField()


class VillageFeatureSerializer(serializers.Serializer):
    type = serializers.ChoiceField(["Feature"])
    id = serializers.CharField(help_text="Kemendagri code")
    properties = VillagePropertiesSerializer()
    geometry = GeometrySerializer()


class VillageShapesSerializer(serializers.Serializer):
    """A GeoJSON FeatureCollection; `kind` says whether the lines are schematic or official."""

    type = serializers.ChoiceField(["FeatureCollection"])
    kind = serializers.ChoiceField(["schematic", "official", "none"])
    source = serializers.CharField()
    features = VillageFeatureSerializer(many=True)
