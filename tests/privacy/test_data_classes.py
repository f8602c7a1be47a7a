"""Every table has its class, every secret column is named, no table holds participants' names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import CharField, EmailField, Field, TextField

from programs.management.commands.privacy_tables import page
from programs.privacy.breach import RECIPIENTS, blank
from programs.privacy.rules import RULES
from pug_portal.data_classes import CLASSES, PERSONAL_FIELDS, SECRET_FIELDS

pytestmark = [pytest.mark.once, pytest.mark.asvs("14.1.1", "14.1.2", "14.2.4")]
ROOT = Path(__file__).resolve().parents[2]

SECRET_LOOKS = re.compile(
    r"password|secret|digest|token|lookup|_key$|^key$|session|agent|ip_address|^address$|(get|post|session)_data$"
)
#: They look like secrets and are none: digests of content, versions, keys of tables.
NO_SECRETS = {
    *("accounts.callbudget.token", "accounts.user.session_version", "core.keptanswer.digest"),
    *("accounts.user.start_password_until", "core.keptanswer.key", "indicators.instrument.key"),
    *("planning.budgetline.key", "planning.budgetsheet.digest", "programs.importjob.digest"),
    *("programs.submission.client_digest", "programs.submission.digest", "mou.partner.address"),
    *("core.scan.digest", "programs.webhook.secret_version"),
}
PERSON_LOOKS = re.compile(
    r"^(nama|name|username)$|_name$|nik|ktp|phone|e?mail|contact|birth|signatory|reporter|"
    r"responsible|member|attend|label$"
)
#: Names of things: places, files, offices, keys of tools.
OF_THINGS = {
    *("accounts.apitoken.name", "auth.group.name", "auth.permission.name", "mou.body.name"),
    *("core.healthmark.name", "core.keptsheet.name", "dashboards.savedview.name"),
    *("django_tasks_database.dbtaskresult.backend_name", "mou.agreementfile.file_name"),
    *("django_tasks_database.dbtaskresult.queue_name", "mou.partner.name"),
    *("accounts.recoverycodes.name", "otp_totp.totpdevice.name", "planning.budgetline.name"),
    *("planning.budgetsheet.name", "planning.columnmapping.name", "planning.document.file_name"),
    *("programs.activitycode.name", "programs.importjob.name", "programs.webhook.name"),
    *("programs.snapshotrow.district_name", "villages.areachange.old_name", "villages.opd.name"),
    *("villages.province.name", "villages.regency.name", "villages.district.name"),
    *("villages.village.name", "contenttypes.contenttype.app_label"),
    *("indicators.scorelevel.label", "planning.termsstage.label", "planning.budgetstatement.place"),
    *("planning.action.responsible", "planning.budgetstatement.signatory_title"),
    *("planning.budgetstatement.signatory_rank", "planning.termsofreference.signatory_title"),
    *("planning.termsofreference.signatory_rank", "mou.party.signatory_title"),
}
#: Who tries to sign in, as she typed it: kept in the tables of class R alone.
TYPED = {f"axes.{one}.username" for one in ("accessattempt", "accessfailurelog", "accesslog")}


def tables() -> set[str]:
    return {one._meta.label_lower for one in apps.get_models(include_auto_created=True)}


def columns() -> dict[str, Field]:
    return {
        f"{model._meta.label_lower}.{field.name}": field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
    }


def looks(pattern: re.Pattern, known: set[str], found: dict[str, Field]) -> list[str]:
    """Columns of text that look so and are not known."""
    written = (CharField, TextField, EmailField)
    return sorted(
        name
        for name, field in found.items()
        if pattern.search(name.rpartition(".")[2])
        and (isinstance(field, written) or pattern is SECRET_LOOKS)
        and name not in known
    )


@pytest.mark.asvs("14.1.1", "14.1.2")
def test_every_table_has_a_class_and_every_class_a_table():
    assert sorted(tables() - CLASSES.keys()) == [], "add them to pug_portal/data_classes.py"
    assert sorted(CLASSES.keys() - tables()) == []
    assert all(one.letter in "TIR" and one.retention and one.why for one in CLASSES.values())


def test_a_table_without_a_class_is_seen():
    assert {"programs.photo"} == tables() - (CLASSES.keys() - {"programs.photo"})


def test_named_columns_exist():
    assert sorted((SECRET_FIELDS | PERSONAL_FIELDS) - columns().keys()) == []


def test_what_looks_like_a_secret_is_named_one():
    found = columns()
    assert looks(SECRET_LOOKS, SECRET_FIELDS | NO_SECRETS, found) == []
    without = SECRET_FIELDS | NO_SECRETS
    without -= {"accounts.user.password", "otp_totp.totpdevice.key"}
    assert looks(SECRET_LOOKS, without, found) == [
        "accounts.user.password",
        "otp_totp.totpdevice.key",
    ]


def test_names_are_of_officials_and_account_holders_alone():
    found = columns()
    known = PERSONAL_FIELDS | OF_THINGS | TYPED
    assert looks(PERSON_LOOKS, known, found) == []
    added = {"programs.activity.participant_name": CharField(max_length=80)}
    assert looks(PERSON_LOOKS, known, found | added) == list(added)


@pytest.mark.asvs("14.3.3", "14.2.4")
def test_people_of_an_activity_are_numbers():
    fields = columns()
    groups = re.compile(r"women|men|participants|children|elderly|disability|beneficiaries")
    counted = {
        name: field
        for name, field in fields.items()
        if name.startswith("programs.activity.") and groups.search(name)
    }
    assert len(counted) > 10
    words = {name for name, field in counted.items() if isinstance(field, CharField | TextField)}
    assert words == {"programs.activity.low_women_reason"}  # a choice, not a text
    assert fields["programs.activity.low_women_reason"].choices


@pytest.mark.asvs("14.1.2")
def test_document_is_made_of_the_tables():
    written = (ROOT / "docs/privacy.md").read_text(encoding="utf-8")
    assert written == page(), "run: manage.py privacy_tables > docs/privacy.md"
    assert all(f"`{one.key}`" in written for one in RULES)


@pytest.mark.parametrize("to", RECIPIENTS)
def test_blank_letters_lie_beside_the_document(to):
    written = (ROOT / f"docs/privacy/surat-{to}.txt").read_text(encoding="utf-8")
    assert written == blank(to), f"run: manage.py breach_letter --blank --to {to}"
