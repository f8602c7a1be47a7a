// What the form stands on: the village, its programs and funds, from what this phone keeps.

import { word } from "./words.js";

const MANY = 7; // programs; more are searched
const APBDES = ["dana_desa", "add", "pbh", "pbk", "pbp", "pad"];

/** The programs to record under in `village`, last used first, those out of their years last. */
export function programsOf(data, village, kept = "") {
  const year = new Date().getFullYear();
  const away = (one) => Number(!(one.year_from <= year && one.year_to >= year - 1));
  return data.programs
    .filter((one) => one.villages.includes(village) && (one.state === "active" || one.uid === kept))
    .sort(
      (a, b) =>
        away(a) - away(b) ||
        (b.last_used_on ?? "").localeCompare(a.last_used_on ?? "") ||
        a.title.localeCompare(b.title),
    );
}

/** "Pembinaan PKK · 2026 · Desa Janju" */
export function programName(one) {
  const years = one.year_from === one.year_to ? `${one.year_from}` : `${one.year_from}–${one.year_to}`;
  const known = one.title.includes(String(one.year_to));
  return [one.title, ...(known ? [] : [years]), one.owner].join(" · ");
}

/** Fills the list of programs; more than seven get a search above them. */
export function listPrograms(select, programs, chosen) {
  const empty = select.options[0];
  const options = programs.map((one) => new Option(programName(one), one.uid));
  const typed = chosen || select.value;
  select.replaceChildren(empty, ...options);
  select.value = typed || (programs.length === 1 ? programs[0].uid : "");
  if (programs.length > MANY) searchAbove(select, options);
}

function searchAbove(select, options) {
  const box = Object.assign(document.createElement("input"), { type: "search", id: "program_search" });
  box.placeholder = word("screens.search_program");
  box.setAttribute("aria-label", box.placeholder);
  box.autocomplete = "off";
  select.before(box);
  box.addEventListener("input", (event) => {
    event.stopPropagation(); // a search is no answer
    const words = box.value.toLowerCase().split(/\s+/);
    const fits = options.filter((one) => words.every((part) => one.text.toLowerCase().includes(part)));
    const chosen = select.value;
    select.replaceChildren(select.options[0], ...fits);
    select.value = fits.some((one) => one.value === chosen) ? chosen : "";
    if (fits.length === 1 && box.value.trim()) select.value = fits[0].value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

/** A kelurahan has no village budget: its sources are not offered there. */
export function listFunds(select, village) {
  if (village.has_apbdes !== false) return;
  for (const option of [...select.options]) if (APBDES.includes(option.value)) option.remove();
}

/** "Desa Janju, Kecamatan …" where the page says which village it is about. */
export function nameVillage(village, several) {
  const place = document.querySelector("[data-village]");
  if (!place.textContent.trim()) place.textContent = `${village.title}, ${village.district}`;
  place.dataset.village = village.code;
  const other = document.querySelector("[data-other-village]");
  if (other) other.hidden = !several;
}

/** Those who work for several villages choose one. */
export function pickVillage(data) {
  const part = document.querySelector("[data-pick]");
  const [box, list] = [part.querySelector("input"), part.querySelector("[data-villages]")];
  const query = new URLSearchParams(location.search);
  const draw = () => {
    const name = box.value.trim().toLowerCase();
    const found = data.villages.filter((one) => one.title.toLowerCase().includes(name));
    const rows = found.map((one) => {
      query.set("village", one.code);
      const row = document.createElement("li");
      const link = Object.assign(document.createElement("a"), { href: `?${query}` });
      const about = Object.assign(document.createElement("span"), { className: "small muted" });
      about.textContent = one.district;
      link.append(Object.assign(document.createElement("strong"), { textContent: one.title }), about);
      row.append(link);
      return row;
    });
    list.replaceChildren(...rows);
    if (!rows.length) list.textContent = word("screens.no_village", { name: box.value });
  };
  box.closest(".search").hidden = data.villages.length <= MANY;
  box.addEventListener("input", draw);
  part.hidden = false;
  draw();
}
