"""The counter pad: every press is kept, and in the end it is a record of the village."""

from playwright.sync_api import expect

from programs.models import Activity

from .recording import Recorder, until


def counted(recorder: Recorder) -> tuple[int, int] | None:
    """(women, men) as they lie on the phone; None when no count does."""
    found = [row for row in recorder.rows("meta") if row["key"].startswith("count ")]
    return (found[0]["women"], found[0]["men"]) if found else None


def test_a_count_outlives_the_phone_and_becomes_a_record(recorder, phone, network, axe, fits, shot):
    recorder.ready()
    page = recorder.page
    page.goto("/desa/hitung/")
    expect(page.locator("#meeting")).not_to_contain_text("Kelurahan")  # she is of a desa
    for who, presses in (("women", 8), ("men", 5)):
        for _press in range(presses):
            page.locator(f"[data-add={who}]").click()
    page.get_by_role("button", name="Kurangi satu perempuan").click()
    until(lambda: counted(recorder) == (7, 5), "each press is kept", page=page)
    page.set_viewport_size({"width": 320, "height": 740})
    axe(page)
    fits(page)
    shot(page, "counter")
    phone.kill()
    network.go_dark()

    page = phone.open()
    again = Recorder(page, recorder.program, recorder.village)
    page.goto("/desa/hitung/")
    expect(page.locator("[data-n=women]")).to_have_text("7")
    expect(page.locator("[data-n=men]")).to_have_text("5")
    page.get_by_role("button", name="Selesai").click()
    expect(page.locator("body[data-ready=record]")).to_be_attached()
    assert counted(again) is None
    page.locator("[name=program]").select_option(str(recorder.program.pk))
    again.to_check_page()
    again.press(lambda: again.send_button.click())
    network.listen()
    again.send_now()

    until(lambda: Activity.objects.exists(), "the record arrives", page=page)
    record = Activity.objects.get()
    assert (record.women_participants, record.men_participants) == (7, 5)
    assert (record.kind, record.stage, record.title) == (
        *("deliberation", "planning", "Musrenbang Desa"),
    )
