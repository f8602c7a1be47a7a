// "Kegiatan saya": what lies on this phone alone, above what the portal listed; without signal also
// what was received of late.

import { dayLong, monthLong, today } from "./format.js";
import { receipts, waiting } from "./outbox.js";
import { reference } from "./reference.js";
import { about, listRow, standing } from "./states.js";
import { account, all, available, onChange } from "./store.js";
import { word } from "./words.js";

const FIX = new Set(["fix", "help", "conflict"]);
const asked = new URLSearchParams(location.search);
const [tab, search] = [asked.get("tab") ?? "", (asked.get("search") ?? "").trim().toLowerCase()];
const part = (name) => document.querySelector(`[data-${name}]`);
const shell = document.documentElement.dataset.account === undefined;

/** Drafts, what waits and what has to be put right, each as a row of a list. */
export async function local(data) {
  const name = await account();
  const drafts = (await all("drafts")).filter((row) => row.account === name);
  const queue = await waiting();
  const taken = new Set([...drafts, ...queue].map((row) => row.uid));
  return {
    taken,
    draf: await Promise.all(drafts.map((row) => ofDraft(row, data))),
    menunggu: await Promise.all(queue.filter((row) => !FIX.has(row.state)).map((row) => ofQueue(row, data))),
    perbaikan: [
      ...(await Promise.all(queue.filter((row) => FIX.has(row.state)).map((row) => ofQueue(row, data)))),
      ...returned(data).filter((one) => !taken.has(one.uid)),
    ],
  };
}

// What the office sent back: as the page from the portal says, else as this phone heard last.
function returned(data) {
  if (shell) return (data?.tasks ?? []).map(ofTask);
  const uids = document.querySelector("[data-returned]").dataset.returned.split(" ").filter(Boolean);
  return uids.map((uid) => ({ uid, href: `/desa/catat/?perbaiki=${uid}`, listed: true }));
}

async function ofDraft(row, data) {
  const { tag, css, says } = await standing("drafts", row);
  const title = row.values.title?.trim() || word("screens.of_draft");
  const href = `/desa/catat/?${row.version ? "perbaiki" : "draf"}=${row.uid}`;
  return { uid: row.uid, href, title, text: [says, about(row, data)].filter(Boolean).join(" "), tag, css };
}

async function ofQueue(row, data) {
  const { tag, css } = await standing("queue", row);
  const href = FIX.has(row.state) ? "/desa/kotak-kirim/" : `/desa/bukti/?uid=${row.uid}`;
  return { uid: row.uid, href, title: row.title, text: about(row, data), tag, css };
}

function ofTask(task) {
  const text = [dayLong(task.values.held_on), task.reason].filter(Boolean).join(" · ");
  const href = `/desa/catat/?perbaiki=${task.uid}`;
  const tag = word("screens.tag_returned");
  return { uid: task.uid, href, title: task.values.title, text, tag, css: "tag-returned" };
}

const fits = (row) => !search || search.split(/\s+/).every((one) => row.title.toLowerCase().includes(one));

function group(heading, rows) {
  const made = document.createElement("section");
  made.className = "stack";
  const h2 = Object.assign(document.createElement("h2"), { textContent: heading });
  const list = Object.assign(document.createElement("ul"), { className: "rows" });
  list.append(...rows.map(listRow));
  made.append(h2, list);
  return made;
}

// What the portal would list, from what this phone heard of it last.
async function recent(data) {
  const known = new Map((data?.recent ?? []).map((row) => [row.uid, row]));
  for (const row of await receipts()) if (!known.has(row.uid)) known.set(row.uid, { ...row, state: "submitted" });
  const rows = [...known.values()].filter((row) => row.state !== "returned" && fits(row));
  rows.sort((a, b) => b.held_on.localeCompare(a.held_on));
  const months = Map.groupBy ? Map.groupBy(rows, monthOf) : grouped(rows);
  return [...months].map(([month, some]) => group(month, some.map((row) => sent(row, data))));
}

const monthOf = (row) => monthLong(row.held_on || today());

function grouped(rows) {
  const months = new Map();
  for (const row of rows) months.set(monthOf(row), [...(months.get(monthOf(row)) ?? []), row]);
  return months;
}

/** A record the portal has, as a row. */
export function sent(row, data) {
  const css = row.state === "submitted" ? "tag-submitted" : "";
  const tag = word(`screens.tag_${row.state}`);
  return { href: `/desa/kegiatan/${row.uid}/`, title: row.title, text: about(row, data), tag, css };
}

function counts(rows) {
  for (const link of document.querySelectorAll("[data-tabs] [data-tab]")) {
    const n = rows[link.dataset.tab]?.length;
    link.querySelector("[data-n]").textContent = n ? ` (${n})` : "";
  }
}

const HEADS = { draf: "queue.state_draft", menunggu: "screens.waiting_head", perbaikan: "queue.state_fix" };

async function draw() {
  const data = await reference().catch(() => null);
  const rows = await local(data);
  counts(rows);
  for (const row of document.querySelectorAll("[data-server] [data-uid]")) {
    row.hidden = rows.taken.has(row.dataset.uid);
  }
  const shown = ["perbaikan", "draf", "menunggu"].filter((key) => !tab || tab === key);
  const groups = shown
    .map((key) => [key, rows[key].filter((row) => !row.listed && fits(row))])
    .filter(([, some]) => some.length)
    .map(([key, some]) => group(word(HEADS[key]), some));
  part("local").replaceChildren(...groups);
  if (shell && (!tab || tab === "diterima")) part("server").replaceChildren(...(await recent(data)));
  empty(groups.length > 0 || part("server").querySelector("li:not([hidden])"));
}

function empty(filled) {
  const box = part("empty");
  box.hidden = Boolean(filled);
  if (!box.hidden && shell && search) box.querySelector("p").textContent = word("screens.no_fit");
}

function restore() {
  if (!shell) return;
  for (const link of document.querySelectorAll("[data-tabs] [data-tab]")) {
    if (link.dataset.tab === tab) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  part("search").elements.search.value = asked.get("search") ?? "";
  part("search").elements.tab.value = tab;
}

/** Runs the page. */
export async function start() {
  if (!(await available())) return;
  restore();
  await draw();
  onChange(draw);
}
