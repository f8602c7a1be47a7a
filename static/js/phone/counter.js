// "Hitung": one press, one person. Every press is on the disk at once; at the end the numbers become
// a draft, in the same transaction that empties the pad, so that they are always in one place.

import { percent, today, typedDay } from "./format.js";
import { reference } from "./reference.js";
import { account, ask, available, get, onChange, write } from "./store.js";
import { word } from "./words.js";

const part = (name) => document.querySelector(`[data-${name}]`);
const form = part("pad");
const meetings = [...form.elements.meeting.options];
let owner, key, now;
let villages = [];
let writing = 0;

const fresh = () => ({ key, women: 0, men: 0, meeting: null, other: "", day: today() });

// A desa and a kelurahan hold meetings of other names.
const isHeldIn = (village) => ({ dataset: { apbdes } }) =>
  !apbdes || !village || (apbdes === "true") === (village.has_apbdes !== false);

function draw() {
  for (const one of form.querySelectorAll("[data-n]")) one.textContent = now[one.dataset.n];
  const n = now.women + now.men;
  part("total").textContent = word("screens.counted", { n, share: percent(now.women, n) });
  form.querySelector(".wide").disabled = !n;
  const { meeting, other, day, village } = form.elements;
  if (now.village) village.value = now.village;
  meeting.replaceChildren(...meetings.filter(isHeldIn(villages.find((one) => one.code === village.value))));
  meeting.value = now.meeting ?? meeting.options[0].value;
  if (meeting.selectedIndex < 0) meeting.selectedIndex = 0;
  part("other").hidden = meeting.value !== "";
  if (document.activeElement !== other) other.value = now.other;
  if (document.activeElement !== day) day.value = now.day;
}

// What is kept is changed where it lies: two tabs, or presses faster than the disk, lose nothing.
async function change(fn) {
  now = fn(now);
  draw();
  writing += 1;
  try {
    const kept = await write(["meta"], async (tx) => {
      const rows = tx.objectStore("meta");
      const row = fn((await ask(rows.get(key))) ?? fresh());
      await ask(rows.put(row));
      return row;
    });
    if (writing === 1) now = kept;
    part("trouble").hidden = true;
  } catch {
    part("trouble").textContent = word("screens.not_saved");
    part("trouble").hidden = false;
  }
  writing -= 1;
  draw();
}

const add = (who, n) => change((row) => ({ ...row, [who]: Math.max(0, row[who] + n) }));

async function finish() {
  const uid = crypto.randomUUID();
  const village = form.elements.village.value;
  await write(["meta", "drafts"], async (tx) => {
    const row = (await ask(tx.objectStore("meta").get(key))) ?? now;
    const values = {
      title: form.elements.meeting.value || row.other,
      kind: "deliberation",
      stage: "planning",
      held_on: typedDay(row.day),
      women_participants: String(row.women),
      men_participants: String(row.men),
    };
    const draft = { account: owner, uid, version: null, step: 1, village, values };
    await ask(tx.objectStore("drafts").put({ ...draft, changed_at: Date.now() }));
    await ask(tx.objectStore("meta").delete(key));
  });
  location.assign(`/desa/catat/?draf=${uid}`);
}

function listen() {
  for (const one of form.querySelectorAll("[data-add], [data-less]")) {
    const { add: who, less } = one.dataset;
    one.addEventListener("click", () => {
      navigator.vibrate?.(who ? 20 : [20, 60, 20]);
      add(who ?? less, who ? 1 : -1);
    });
  }
  form.addEventListener("change", ({ target: { name, value } }) => change((row) => ({ ...row, [name]: value })));
  part("reset").addEventListener("click", () => {
    form.querySelector("details").open = false;
    change(fresh);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    finish().catch(() => change((row) => row)); // says why it is not kept
  });
}

function offerVillages() {
  form.elements.village.append(...villages.map((one) => new Option(one.title, one.code)));
  part("place").hidden = villages.length < 2;
}

/** Runs the page. */
export async function start() {
  if (!(await available())) return;
  owner = await account();
  key = `count ${owner}`;
  villages = (await reference().catch(() => null))?.villages ?? [];
  offerVillages();
  const read = async () => (await get("meta", key)) ?? fresh();
  now = await read();
  listen();
  draw();
  onChange(async () => {
    if (writing) return;
    now = await read();
    draw();
  });
  part("stopped").hidden = true;
  form.hidden = false;
  document.body.dataset.ready = "counter";
}
