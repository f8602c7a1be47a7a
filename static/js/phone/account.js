// "Akun & HP ini": what this phone holds, and the copy of what is not sent.

import { account, available, onChange } from "./store.js";
import { open, Refused, save } from "./copy.js";
import { reference } from "./reference.js";
import { unsent, uidsOf } from "./unsent.js";
import { version } from "./update.js";
import { word } from "./words.js";

const part = (name) => document.querySelector(`[data-${name}]`);
const MEGABYTE = 1_000_000;

/** Runs the page. */
export async function start() {
  fact("version", await version());
  await room();
  if (!(await available())) return;
  await who();
  part("copies").hidden = !(await account());
  part("save").addEventListener("submit", (event) => answer(event, saved));
  part("open").addEventListener("submit", (event) => answer(event, putBack));
  onChange(count);
  await count();
  if (location.hash === "#salinan") part("copies").scrollIntoView();
}

function fact(name, text) {
  const row = part(name);
  row.hidden = !text;
  row.querySelector("dd").textContent = text;
}

async function room() {
  const { usage } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  if (usage === undefined) return;
  const size = (usage / MEGABYTE).toLocaleString(document.documentElement.lang, {
    maximumFractionDigits: 1,
  });
  fact("room", word("people.room", { size }));
}

// The page without signal is made for nobody: who uses this phone is read from the phone.
async function who() {
  if (document.documentElement.dataset.account) return;
  const name = await account();
  const data = name ? await reference() : null;
  part("username").textContent = name || "–";
  if (!data) return;
  part("name").textContent = data.name;
  part("villages").textContent = data.villages.map((one) => one.title).join(", ") || "–";
}

async function count() {
  const n = uidsOf(await unsent()).length;
  part("unsent").textContent = word(n ? "people.waits" : "people.nothing_waits", { n });
  part("save").hidden = !n;
}

/** Runs `act` for a form of this page and says how it went. */
async function answer(event, act) {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("button:not([type=button])");
  say(form, "");
  button.disabled = true;
  try {
    const told = part("told");
    told.hidden = true;
    told.textContent = await act(form);
    told.hidden = false;
    form.reset();
  } catch (trouble) {
    if (!(trouble instanceof Refused)) throw trouble;
    say(form, word(`people.copy_${trouble.message}`));
  } finally {
    button.disabled = false;
  }
}

function say(form, text) {
  const wrong = form.querySelector("[data-wrong]");
  const box = form.querySelector("input:not([type=file])");
  wrong.textContent = text;
  wrong.hidden = !text;
  box.toggleAttribute("aria-invalid", Boolean(text));
  wrong.closest(".field").classList.toggle("has-error", Boolean(text));
  if (text) box.focus();
}

async function saved(form) {
  const copy = await save(form.querySelector("input").value);
  const url = URL.createObjectURL(copy);
  const day = new Date().toLocaleDateString("sv");
  const link = document.createElement("a");
  Object.assign(link, { href: url, download: `salinan-catatan-${day}.pug` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return word("people.copy_saved", { name: link.download });
}

async function putBack(form) {
  const [file, key] = form.querySelectorAll("input");
  if (!file.files.length) throw new Refused("no_file");
  const { added, known } = await open(file.files[0], key.value);
  if (!added) return word("people.copy_known");
  const more = known ? word("people.copy_known_too", { n: known }) : "";
  return [word("people.copy_opened", { n: added }), more].join(" ").trim();
}
