"""Fields say what to do, in the field's own name; the markup ties label, hint and message."""

from datetime import date

import pytest
from django import forms
from django.template import engines
from django.utils import translation

from core.forms import CountField, DayField, RupiahField, WordedForm


class Record(WordedForm, forms.Form):
    held_on = DayField(label="Tanggal kegiatan", help_text="Misalnya 5-11-2026.")
    women = CountField(label="Perempuan", what="jumlah perempuan yang hadir")
    budget = RupiahField(label="Anggaran terpakai", required=False)
    kind = forms.ChoiceField(label="Jenis kegiatan", choices=[("meeting", "Rapat")])
    held = forms.ChoiceField(
        label="Apakah terlaksana?", choices=[("held", "Terlaksana")], widget=forms.RadioSelect
    )
    title = forms.CharField(label="Nama kegiatan")
    place = forms.CharField(label="Tempat", required=False)
    sure = forms.BooleanField(label="Tanggalnya benar", required=False)


GOOD = {
    "held_on": "5 nov 2026",
    "women": "1.019",
    "budget": "12,5 juta",
    "kind": "meeting",
    "held": "held",
    "title": "Rapat",
}


def test_fields_give_values():
    form = Record(GOOD)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["held_on"] == date(2026, 11, 5)
    assert form.cleaned_data["women"] == 1019
    assert form.cleaned_data["budget"] == 12_500_000


@pytest.mark.parametrize("blank", ["", "   "])
def test_blank_optional_amount_is_unknown_and_not_zero(blank):
    form = Record(GOOD | {"budget": blank})
    assert form.is_valid()
    assert form.cleaned_data["budget"] is None


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("held_on", "", "Isi tanggal kegiatan, misalnya 5-11-2026."),
        ("held_on", "13/31/2026", "Periksa tanggal kegiatan. Tanggal ini tidak ada di kalender."),
        ("held_on", "31-12-9999", "Periksa tanggal kegiatan. Pilih tanggal dari tahun 2000"),
        ("held_on", "1-1-0001", "Periksa tanggal kegiatan. Pilih tanggal dari tahun 2000"),
        ("women", "", "Isi jumlah perempuan yang hadir dengan angka, misalnya 19."),
        ("women", "-1", "Periksa jumlah perempuan yang hadir. Tulis 0 atau lebih"),
        ("women", "1000001", "Periksa jumlah perempuan yang hadir: angkanya terlalu besar."),
        ("budget", "12.50", "Periksa anggaran terpakai. Tulis dengan titik pemisah ribuan"),
        ("kind", "", "Pilih jenis kegiatan."),
        ("kind", "dance", "Pilih jenis kegiatan dari daftar."),
        ("held", "", "Jawab “Apakah terlaksana?”"),
        ("title", "", "Isi nama kegiatan."),
    ],
)
def test_message_says_what_to_do(name, text, message):
    form = Record(GOOD | {name: text})
    assert list(form.errors) == [name]
    assert form.errors[name][0].startswith(message)


def test_messages_follow_the_language_of_the_page():
    with translation.override("en"):
        form = Record(GOOD | {"women": ""})
        assert form.errors["women"][0].startswith("Fill in jumlah perempuan")


def test_django_speaks_our_words():
    """Its own "Masukkan tanggal yang valid" reaches no screen."""
    field = forms.DateField()
    with pytest.raises(forms.ValidationError) as refusal:
        field.clean("kemarin")
    assert refusal.value.messages == ["Tulis hari, bulan, tahun, misalnya 5-11-2026."]


def test_stored_values_are_shown_as_people_write_them():
    form = Record(initial={"held_on": date(2026, 11, 5), "budget": 12_500_000})
    assert 'value="5-11-2026"' in str(form["held_on"])
    assert 'value="12.500.000"' in str(form["budget"])
    sent = Record(GOOD | {"held_on": "5/11/2026"}, initial={"held_on": date(2026, 11, 5)})
    assert "held_on" not in sent.changed_data


def test_what_was_typed_comes_back():
    form = Record(GOOD | {"budget": "12.50"})
    assert 'value="12.50"' in str(form["budget"])


def test_label_hint_and_message_are_tied_to_the_input():
    html = Record(GOOD | {"held_on": ""})["held_on"].as_field_group()
    assert '<label for="id_held_on">' in html
    assert 'aria-describedby="id_held_on_helptext id_held_on_error"' in html
    assert 'aria-invalid="true"' in html
    order = ["<label", "id_held_on_helptext", 'id="id_held_on_error"', "<input"]
    assert order == sorted(order, key=html.index)


def test_choices_stand_in_a_fieldset_with_a_legend():
    html = Record(GOOD | {"held": ""})["held"].as_field_group()
    assert "<fieldset" in html
    assert "<legend>Apakah terlaksana?" in html
    assert 'aria-describedby="id_held_error"' in html


def test_only_what_may_stay_empty_is_marked():
    form = Record()
    marked = [field.name for field in form if "boleh dikosongkan" in field.as_field_group()]
    assert marked == ["budget", "place"]


def test_summary_links_to_the_first_thing_to_mend():
    form = Record(GOOD | {"held": "", "title": ""})
    form.add_error(None, "Jumlahnya tidak sama.")
    template = engines["django"].from_string('{% include "components/_error_summary.html" %}')
    html = template.render({"form": form})
    assert 'href="#id_held_0"' in html
    assert 'href="#id_title"' in html
    assert "Jumlahnya tidak sama." in html
    assert 'tabindex="-1"' in html
