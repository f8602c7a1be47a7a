// Which record the form is opened for: a new one, a draft, or one that came back to be put right.

import { fromItem, typed } from "./answers.js";
import { dayTime } from "./format.js";
import { takeBack } from "./outbox.js";
import { find } from "./states.js";
import { account } from "./store.js";
import { word } from "./words.js";

const LATER = new Set(["queue", "receipts"]);

/**
 * {draft, village, kept, chosen}, or what to do instead: {receipt: uid}, {pick: true} or {stop}.
 * `kept`: the answers of a record that came back; `chosen`: the program asked for.
 */
export async function opened(form, data) {
  const asked = new URLSearchParams(location.search);
  const back = form.elements.version.value ? form.elements.uid.value : asked.get("perbaiki");
  const uid = back ?? asked.get("draf");
  if (uid) return known(uid, form, data, Boolean(back));
  const village = villageOf(asked.get("village"), data);
  if (!village) return data ? { pick: true } : { stop: word("screens.no_program") };
  const fresh = { uid: crypto.randomUUID(), version: null, step: 1, values: {} };
  const chosen = asked.get("program") ?? form.elements.program.value;
  return { draft: fresh, village, kept: null, chosen };
}

async function known(uid, form, data, isBack) {
  const found = await find(uid, await account());
  if (found?.kind === "queue" && isBack) {
    const draft = await takeBack(uid);
    return draft ? resumed(draft, form, data) : { receipt: uid };
  }
  if (found?.kind === "drafts") return resumed(found.row, form, data);
  if (!isBack) return LATER.has(found?.kind) ? { receipt: uid } : { stop: word("screens.draft_gone") };
  return returned(uid, form, data);
}

function resumed(draft, form, data) {
  const task = data?.tasks.find((one) => one.uid === draft.uid);
  if (task) tell(task);
  const village = villageOf(draft.village, data);
  if (!village) return { stop: word("screens.no_program") };
  const kept = task ? fromItem(task.values) : null;
  return { draft, village, kept: draft.version ? kept : null, chosen: draft.values.program };
}

// From what the phone holds, else as the portal wrote it into the page.
function returned(uid, form, data) {
  const task = data?.tasks.find((one) => one.uid === uid);
  const here = form.elements.version.value && form.elements.uid.value === uid;
  if (!task && !here) {
    if (navigator.onLine) location.replace(`/desa/kegiatan/${encodeURIComponent(uid)}/perbaiki/`);
    return { stop: word("screens.not_here") };
  }
  if (task && !here) tell(task);
  const values = here ? typed(form) : fromItem(task.values);
  const version = here ? Number(form.elements.version.value) : task.version;
  const village = villageOf(here ? null : task.village, data);
  if (!village) return { stop: word("screens.no_program") };
  const kept = task ? values : null;
  const draft = { uid, version, step: 1, values };
  return { draft, village, kept, chosen: values.program };
}

// What the office asked, on top of the form.
function tell(task) {
  const box = document.querySelector("[data-asked]");
  box.querySelector("[data-reason]").textContent = task.reason;
  const moment = task.returned_at ? dayTime(task.returned_at) : "";
  const by = word("screens.asked_by", { name: task.asked_by, moment });
  box.querySelector("[data-asked-by]").textContent = by;
  box.hidden = Boolean(document.querySelector("[data-asked-here]"));
}

/** The village named, that of the page, or her only one. */
function villageOf(code, data) {
  const place = document.querySelector("[data-village]");
  const wanted = code || place.dataset.village;
  const known = data?.villages.find((one) => one.code === wanted);
  if (known) return known;
  if (wanted && wanted === place.dataset.village) return { code: wanted, title: "", district: "" };
  return data?.villages.length === 1 && !code ? data.villages[0] : null;
}
