// "Beranda": what lies on this phone joins what the portal said; without signal this is all.

import { monthLong, today } from "./format.js";
import { local, sent } from "./lists.js";
import { receipts } from "./outbox.js";
import { reference } from "./reference.js";
import { listRow } from "./states.js";
import { available, onChange } from "./store.js";
import { word } from "./words.js";

const LATEST = 5;
const part = (name) => document.querySelector(`[data-${name}]`);
const shell = document.documentElement.dataset.account === undefined;

function task(name, n, href) {
  const row = document.querySelector(`[data-task=${name}]`);
  row.hidden = n === 0;
  row.querySelector("[data-n]").textContent = n;
  if (href) row.querySelector("a").href = href;
}

async function draw() {
  const data = await reference().catch(() => null);
  const rows = await local(data);
  task("draft", rows.draf.length, rows.draf.length === 1 ? rows.draf[0].href : "");
  task("fix", rows.perbaikan.length, rows.perbaikan.length === 1 ? rows.perbaikan[0].href : "");
  task("waiting", rows.menunggu.length);
  part("tasks").hidden = !document.querySelector("[data-task]:not([hidden])");
  if (shell) await withoutSignal(data);
}

// The month and the last records, as this phone heard of them.
async function withoutSignal(data) {
  if (data?.villages.length === 1) part("village").textContent = data.villages[0].title;
  part("month-name").textContent = monthLong(today());
  const known = new Map((data?.recent ?? []).map((row) => [row.uid, row]));
  for (const row of await receipts()) known.set(row.uid, known.get(row.uid) ?? { ...row, state: "submitted" });
  const rows = [...known.values()].sort((a, b) => b.held_on.localeCompare(a.held_on));
  const month = today().slice(0, 7);
  const counted = rows.filter((row) => row.held_on.startsWith(month) && row.state !== "returned");
  part("month").querySelector("[data-n]").textContent = counted.length;
  const isMore = counted.length > Number(part("month").dataset.goal);
  if (isMore) part("of").textContent = word("screens.activities");
  part("month").querySelectorAll("circle").forEach((pip, at) => pip.classList.toggle("done", at < counted.length));
  if (!rows.length) return;
  const list = Object.assign(document.createElement("ul"), { className: "rows" });
  list.append(...rows.slice(0, LATEST).map((row) => listRow(sent(row, data))));
  part("latest").replaceChildren(list);
}

/** Runs the page. */
export async function start() {
  if (!(await available())) return;
  await draw();
  onChange(draw);
}
