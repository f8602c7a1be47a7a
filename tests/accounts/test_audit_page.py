"""The audit trail as officers and auditors read it, each within her reach."""

import ast
import html
import re
from pathlib import Path

import pytest
from django.utils import timezone, translation

from accounts import services, trail, trail_words
from accounts.services import GrantDraft
from core import audit
from core.models import AuditEntry
from tests import make

pytestmark = pytest.mark.django_db
PAGE = "/kelola/audit/"


@pytest.fixture
def officer(client):
    person = make.officer()
    client.force_login(person)
    return person


def shown(client, query: str = "") -> str:
    answer = client.get(PAGE + query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def far(role: str = "officer"):
    return make.person(role, regency=make.regency("64.02", "Kutai Kartanegara"))


def test_a_change_is_told_with_what_stood_before(client, officer):
    audit.record(officer, "person.change", make.village_head(), name=["Ani", "Anita"])
    page = shown(client)
    assert f"{officer.name} · mengubah akun" in page
    assert "Ani → Anita" in page


def test_what_changed_is_no_markup(client, officer):
    audit.record(officer, "person.change", officer, name=["a", "<script>x</script>"])
    assert b"<script>x" not in client.get(PAGE).content


def test_an_auditor_reads_it_and_a_village_head_does_not(client):
    client.force_login(make.person("auditor", regency=make.regency()))
    assert client.get(PAGE).status_code == 200
    client.force_login(make.village_head())
    assert client.get(PAGE).status_code == 403


def test_of_two_regencies_each_sees_her_own(client, officer):
    other = far()
    audit.record(other, "login.prove", other)
    audit.record(officer, "login.prove", officer)
    assert other.name not in shown(client)
    client.force_login(other)
    page = shown(client)
    assert other.name in page
    assert officer.name not in page.replace(other.name, "")


def test_who_also_serves_elsewhere_is_read_by_neither_on_that_day(client, officer):
    both = make.village_head()
    audit.record(both, "login.prove", both)
    assert both.name in shown(client)
    far_village = make.village("64.02.01.2001", "Far")
    services.grant(both, GrantDraft("village_head", far_village, timezone.localdate()), actor=None)
    assert f"{both.name} · membuktikan" not in shown(client)


def test_a_record_of_hers_shows_what_somebody_from_elsewhere_did(client, officer):
    national = make.person("officer")
    record = make.activity(make.program())
    audit.record(national, "activity.voided", record, reason="uji")
    assert f"{national.name} · membatalkan" not in shown(client)
    assert f"{national.name} · membatalkan" in shown(client, f"?record=activity:{record.pk}")


def test_a_record_of_another_regency_shows_nothing(client, officer):
    there = make.village("64.02.01.2001", "Far")
    record = make.activity(make.program(there, owner_village=there), there)
    assert AuditEntry.objects.filter(object_id=str(record.pk)).exists()
    assert "mengirim" not in shown(client, f"?record=activity:{record.pk}")
    person = far()
    audit.record(far(), "person.change", person, name=["a", "Rahasia"])
    assert "Rahasia" not in shown(client, f"?record=user:{person.pk}")


def test_wrong_tries_on_her_peoples_accounts_are_hers_to_see(client, officer):
    audit.record(None, "login.fail", make.village_head())
    assert "kata sandi yang salah" in shown(client)
    client.force_login(far())
    assert "kata sandi yang salah" not in shown(client)


def test_who_reaches_everything_sees_all(client):
    audit.record(None, "token.warn", far())
    client.force_login(make.person("auditor"))
    assert "pemilik kunci" in shown(client).lower()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?who=ani", True),
        ("?who=budi", False),
        ("?what=person", True),
        ("?what=program", False),
        ("?text=lama", True),
        ("?text=tidak-ada", False),
        ("?until=1-1-2020", False),
        ("?since=1-1-2020", True),
    ],
)
def test_the_trail_is_narrowed(client, officer, query, found):
    ani = make.person("village_head", username="ani", village=make.village())
    audit.record(ani, "person.change", ani, name=["nama lama", "baru"])
    assert ("nama lama" in shown(client, query)) == found


@pytest.mark.parametrize("query", ["?what=nonsense", "?since=32-1-2026", "?record=x"])
def test_a_filter_that_cannot_be_is_refused(client, officer, query):
    assert client.get(PAGE + query).status_code == 422


def test_every_entry_stands_on_one_page(client, officer):
    for number in range(120):
        audit.record(officer, "login.prove", officer, n=f"#{number:03}#")
    seen, query = [], ""
    for _page in range(4):
        text = client.get(PAGE + query).content.decode()
        seen += re.findall(r"#\d{3}#", text)
        following = re.search(r'rel="next" href="([^"]+)"', text)
        if not following:
            break
        query = html.unescape(following[1])
    assert seen == [f"#{number:03}#" for number in reversed(range(120))]


def test_a_place_that_is_none_begins_at_the_newest(client, officer):
    audit.record(officer, "login.prove", officer)
    assert officer.name in shown(client, "?sesudah=nonsense")


def test_the_file_holds_the_same_and_is_noted(client, officer):
    audit.record(officer, "person.change", officer, name=["Ani", "=Anita"])
    audit.record(far(), "login.prove", officer)
    text = b"".join(client.get(f"{PAGE}?format=csv").streaming_content).decode()
    assert "Ani → =Anita" in text
    assert "login.prove" not in text
    assert AuditEntry.objects.get(action="export.audit").actor == officer


def test_the_number_of_statements_is_flat(client, officer, django_assert_max_num_queries):
    for _one in range(40):
        audit.record(officer, "login.prove", officer)
    with django_assert_max_num_queries(14):
        client.get(PAGE)


# -- Words -------------------------------------------------------------------------

#: What actions that are put together in the code may become.
PUT_TOGETHER = {
    "f'activity.{step}'": [
        f"activity.{one}"
        for one in [
            "submitted",
            "corrected",
            "resubmitted",
            "verified",
            "returned",
            "voided",
            "confirmed",
            "merged",
        ]
    ],
    "f'nothing.{what}'": ["nothing.declared", "nothing.withdrawn"],
    "f'import.{state}'": ["import.done", "import.failed"],
    "f'correction_request.{request.state}'": [
        "correction_request.accepted",
        "correction_request.declined",
    ],
    "f'{MARK}.{one.rule.key}'": trail_words.actions("retention"),
    "f'{name}.{kind}'": [
        *(f"budgetstatement.{one}" for one in ("created", "checked", "signed", "withdrawn")),
        *(f"termsofreference.{one}" for one in ("created", "checked", "signed", "withdrawn")),
        *(f"genderanalysis.{one}" for one in ("changed", "submitted", "returned", "approved")),
    ],
    "f'{audit.DOWNLOAD}binder'": ["export.binder"],
    "f'{audit.DOWNLOAD}person'": ["export.person"],
    "f'{audit.DOWNLOAD}{table.record_as or table.name}'[:40]": ["export.activities"],
    "f'{row._meta.model_name}.{name}'": [
        f"{kind}.{one}"
        for kind in ("assessment", "representation")
        for one in ("submit", "verify", "return", "reopen", "rewrite")
    ],
    "f'{_word(held)}.file_removed'": ["agreement.file_removed", "body.file_removed"],
    "f'{_word(file)}.file_added'": ["agreement.file_added", "body.file_added"],
    "chain_check.ACCEPTED": ["audit.accepted"],
}
#: Handed on by a caller, where it stands as a literal.
HANDED_ON = {"action", "event"}
APPS = ("accounts", "core", "dashboards", "indicators", "mou", "planning", "programs", "villages")
_WORDS = re.compile(r"[a-z_]+\.[a-z_]+")


def recorded_actions() -> set[str]:
    """Every action that some code writes, and what looks like one where it is handed on."""
    found: set[str] = set()
    for file in sorted(path for app in APPS for path in Path(app).rglob("*.py") if path.is_file()):
        tree = ast.parse(file.read_text())
        for call in (one for one in ast.walk(tree) if isinstance(one, ast.Call)):
            name = ast.unparse(call.func)
            if name in ("audit.record", "audit.record_many"):
                found |= _actions(call.args[1])
            elif name in ("_note", "_add", "_switch"):
                words = [*call.args, *(one.value for one in call.keywords)]
                found |= {one.value for one in words if _is_action(one)}
    return found


def told_facts() -> set[str]:
    """Every name of a fact that some code writes into an entry beside the record's columns."""
    found: set[str] = set()
    for file in sorted(path for app in APPS for path in Path(app).rglob("*.py") if path.is_file()):
        for call in (
            one for one in ast.walk(ast.parse(file.read_text())) if isinstance(one, ast.Call)
        ):
            if ast.unparse(call.func) in ("audit.record", "audit.record_many"):
                found |= {one.arg for one in call.keywords if one.arg}
    return found


@pytest.mark.once
def test_every_fact_has_words():
    """`reason` is “alasan” on screen; a name that nobody found words for stands here."""
    assert sorted(told_facts() - trail_words.FACTS.keys()) == []


def test_a_long_fact_is_cut_until_it_is_opened(client, officer):
    audit.record(officer, "person.change", make.village_head(), answers="x" * 300)
    page = shown(client)
    assert f"jawaban: {'x' * 159}…" in page
    assert f"jawaban: {'x' * 300}" in page


def test_words_without_a_first_day_say_how_far_they_look(client, officer):
    assert "31 hari terakhir" in shown(client, "?text=Anita")
    assert "31 hari terakhir" not in shown(client, "?text=Anita&since=01-01-2026")


def _actions(said: ast.expr) -> set[str]:
    if isinstance(said, ast.Constant):
        return {said.value}
    if isinstance(said, ast.IfExp):
        return _actions(said.body) | _actions(said.orelse)
    text = ast.unparse(said)
    return set() if text in HANDED_ON else set(PUT_TOGETHER[text])


def _is_action(one: ast.expr) -> bool:
    return isinstance(one, ast.Constant) and bool(_WORDS.fullmatch(str(one.value)))


@pytest.mark.tree
def test_every_action_of_the_code_has_words():
    found = recorded_actions() | {"login.fail", "login.lock"}
    assert len(found) > 100
    assert [one for one in sorted(found) if trail_words.sentence(one) == one] == []


@pytest.mark.tree
def test_an_action_without_words_is_shown_as_it_is():
    assert trail_words.sentence("program.invented") == "program.invented"
    assert trail_words.sentence("invented.changed") == "invented.changed"


@pytest.mark.tree
def test_every_action_to_choose_is_a_sentence_of_its_own():
    with translation.override("en"):
        for kind in trail_words.KINDS:
            for action in trail_words.actions(kind):
                assert trail_words.sentence(action) != action


def test_only_the_names_of_what_she_sees_are_told(officer):
    there = make.village("64.02.01.2001", "Far")
    record = make.activity(make.program(there, owner_village=there), there)
    audit.record(officer, "activity.voided", record)
    [line] = trail.lines(officer, AuditEntry.objects.filter(action="activity.voided"))
    assert (line.name, line.url) == ("", "")
