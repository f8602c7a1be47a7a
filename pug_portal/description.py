"""How drf-spectacular describes the API: its SPECTACULAR_SETTINGS."""

from . import schema_parts

SETTINGS = {
    "ENUM_NAME_OVERRIDES": {
        "VillageKindEnum": "villages.models.Village.Kind",
        "OpdKindEnum": "villages.models.Opd.Kind",
        "ActivityKindEnum": "programs.models.Kind",
        "ActivityStateEnum": "programs.models.State",
        "ProgramStateEnum": "programs.models.ProgramState",
        "KeyStateEnum": ["active", "ending", "expired", "revoked"],
        "OutcomeEnum": ["accepted", "duplicate", "conflict", "rejected"],
        "OwnerLevelEnum": ["opd", "district", "village"],
        "PlanStateEnum": "planning.models.PlanState",
        "PlanLevelEnum": "planning.models.PlanLevel",
        "StepEnum": "programs.models.ReviewStep",
        "PlanStepEnum": "planning.models.StepKind",
        "ArgCategoryEnum": "programs.models.ArgCategory",
        "BudgetAreaLevelEnum": ["regency", "district", "village", "opd"],
        "MeasureEnum": "planning.models.Measure",
        "DutyMeasureEnum": "mou.models.DutyMeasure",
        "AgreementFormEnum": "mou.models.AgreementForm",
        "PartnerKindEnum": "mou.models.PartnerKind",
        "MemberKindEnum": "mou.models.MemberKind",
        "BodyKindEnum": "mou.models.BodyKind",
        "MemberSexEnum": "mou.models.Sex",
        "RevisionStateEnum": "indicators.models.RevisionState",
        "VillageYearStateEnum": "indicators.models.ReviewState",
        "AnswerStateEnum": "indicators.models.AnswerState",
    },
    "TITLE": "Portal PUG API",
    "DESCRIPTION": schema_parts.INTRODUCTION,
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    # Whoever writes a client needs it before she has a key; it holds no data.
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVERS": [{"url": "/", "description": "The portal that serves this description"}],
    "CONTACT": {"name": "The office that runs the portal"},
    "LICENSE": {
        "name": "AGPL-3.0-or-later",
        "url": "https://www.gnu.org/licenses/agpl-3.0.html",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "pug_portal.schema.complete",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
