"""The bar: the exact words for how things stand, in Indonesian."""

import json
import re

import pytest
from django.utils.translation import override

from programs.phone.words import words

from .faults import status

DRAW = """async ([words, account]) => {
  document.documentElement.lang = "id";
  const script = Object.assign(document.createElement("script"), { type: "application/json" });
  script.id = "words";
  script.textContent = words;
  const bar = document.createElement("div");
  bar.dataset.bar = "";
  document.body.replaceChildren(script, bar);
  await (await import("/static/js/phone/bar.js")).follow();
}"""


@pytest.fixture
def bar(lab):
    """`bar()` → what the bar says now."""
    with override("id"):
        lab.run(DRAW, [json.dumps(words()), lab.head.username])

    def bar() -> str:
        lab.page.wait_for_timeout(150)
        return lab.page.locator("[data-bar]").inner_text()

    return bar


def test_an_empty_phone_says_nothing(lab, bar):
    assert bar() == ""


def test_no_signal(lab, bar):
    lab.enqueue()
    lab.context.set_offline(True)
    assert bar() == "Tidak ada sinyal. Catatan aman di HP ini."


def test_two_records_on_their_way(lab, bar):
    uids = [lab.enqueue(), lab.enqueue()]
    lab.run(
        "async (uid) => pug.put('queue', {...await pug.get('queue', uid), state: 'sending'})",
        uids[0],
    )
    assert bar() == "Mengirim 2 catatan…"


def test_everything_was_received(lab, bar):
    lab.enqueue()
    lab.send()
    assert re.fullmatch(r"Semua sudah diterima\. Terakhir \d\d\.\d\d\.", bar())


def test_records_that_wait_can_be_sent_at_once(lab, bar, network):
    network.fault(status(500), on="/api/v1/submissions/", times=3)
    uids = [lab.enqueue() for _ in range(3)]
    lab.send()
    for uid in uids:
        lab.run(
            """async (uid) => pug.put("queue", {...await pug.get("queue", uid),
                 created_at: Date.now() - 2.1 * 86400000})""",
            uid,
        )
    assert bar() == "3 catatan menunggu sejak 2 hari. Kirim sekarang"
    lab.page.get_by_role("button", name="Kirim sekarang").click()
    lab.page.get_by_text("Semua sudah diterima.").wait_for()


def test_after_two_days_without_signal_the_bar_reminds(lab, bar):
    uid = lab.enqueue()
    lab.run(
        """async (uid) => pug.put("queue", {...await pug.get("queue", uid),
             created_at: Date.now() - 3 * 86400000})""",
        uid,
    )
    lab.context.set_offline(True)
    assert bar() == "1 catatan menunggu sejak 3 hari. Kirim sekarang"


def test_login_ran_out(lab, bar):
    lab.enqueue()
    lab.context.clear_cookies()
    lab.send()
    assert bar() == "Masuk lagi untuk mengirim 1 catatan. Catatan tidak hilang. Masuk"
    assert lab.page.get_by_role("link", name="Masuk").get_attribute("href").startswith("/masuk/")


def test_a_record_that_needs_the_person_is_not_hidden_behind_green(lab, bar):
    lab.enqueue(women_participants=-1)
    lab.enqueue()
    lab.send()
    assert bar() == "1 catatan perlu perbaikan. Lihat"


def test_a_full_phone(lab, bar):
    lab.run(
        """() => {
          navigator.storage.estimate = async () => ({ usage: 95, quota: 100 });
          return pug.put("meta", { key: "x" });
        }"""
    )
    assert bar() == "Ruang HP hampir penuh. Catatan tetap bisa dibuat tanpa foto."
