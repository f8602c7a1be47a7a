// How a record stands, in the seven ways there are and the words for each.

import { clock, dayLong, dayTime } from "./format.js";
import { reference } from "./reference.js";
import { get } from "./store.js";
import { word } from "./words.js";

/** The class of a tag; the colour only where somebody has to act. */
const TAGS = {
  draft: "tag-draft",
  queued: "tag-queued",
  sending: "tag-queued",
  update: "tag-queued",
  fix: "tag-returned",
  help: "tag-returned",
  conflict: "tag-returned",
};

/** The number of whoever helps here, "" when none is known. */
export async function helper() {
  const data = await reference().catch(() => null);
  return data?.helpers?.find((one) => one.phone)?.phone ?? "";
}

/** {state, tag, css, says} of a draft, a row of the queue or a receipt. */
export async function standing(kind, row) {
  const state = { drafts: () => "draft", queue: () => row.state, receipts: () => received(row) };
  return named(state[kind](), row);
}

const received = (row) => (row.photos_left > 0 ? "photo_wait" : "received");

async function named(state, row) {
  const tag = word(`queue.state_${state}`);
  return { state, tag, css: TAGS[state] ?? "", says: await sentence(state, row) };
}

async function sentence(state, row) {
  if (state === "draft") return word("queue.says_draft", { time: clock(row.changed_at) });
  if (state === "received") {
    return word("queue.says_received", { moment: dayTime(row.received_at), number: row.number });
  }
  if (state === "fix") return row.errors.map((one) => one.detail).join(" ") || row.detail;
  if (state === "help") {
    const phone = await helper();
    const says = word(phone ? "queue.says_help" : "queue.says_help_no_phone", { phone });
    return [says, row.detail].filter(Boolean).join(" ");
  }
  return word(`queue.says_${state}`);
}

/** Where on this phone a record lies now: {kind, row}, null when nowhere. */
export async function find(uid, owner) {
  for (const kind of ["queue", "receipts", "drafts"]) {
    const row = await get(kind, uid);
    if (row?.account === owner) return { kind, row };
  }
  return null;
}

/** "5 November 2026 · Desa Janju" */
export function about(row, data) {
  const place = data?.villages?.find((one) => one.code === row.village)?.title;
  const day = row.held_on ? dayLong(row.held_on) : "";
  return [day, data?.villages?.length > 1 ? place : ""].filter(Boolean).join(" · ");
}

/** A row of a list: where it leads, its name, what it is about, its tag. */
export function listRow({ href, title, text, tag, css = "" }) {
  const made = document.getElementById("row").content.cloneNode(true);
  made.querySelector("a").href = href;
  made.querySelector("strong").textContent = title;
  made.querySelector(".small").textContent = text;
  const mark = made.querySelector(".tag");
  mark.textContent = tag;
  if (css) mark.classList.add(css);
  return made;
}
