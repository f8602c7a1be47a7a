// "Kotak kirim": each record that waits on this phone, why, and when it is tried again.

import { drawConflict } from "./versions.js";
import { clock, dayTime, today } from "./format.js";
import { ASKING, takeBack, tryAgain, waiting } from "./outbox.js";
import { photosToSend, status } from "./status.js";
import { send } from "./sender.js";
import { reference } from "./reference.js";
import { about, standing } from "./states.js";
import { account, all, available, onChange } from "./store.js";
import { word } from "./words.js";

const part = (name) => document.querySelector(`[data-${name}]`);

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** 14.05 today, the day with it otherwise. */
const when = (at) => (today(new Date(at)) === today() ? clock(at) : dayTime(at));

function button(text, act, kind = "secondary") {
  const made = element("button", `button ${kind}`, text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function reasons() {
  const known = ["network", "timeout", "not_us", "busy", "broken", "village", "not_permitted", "gone"];
  return new Set(known);
}

function why(row) {
  return reasons().has(row.reason) ? word(`queue.why_${row.reason}`) : "";
}

function tries(row) {
  if (ASKING.includes(row.state)) return "";
  const last = row.last_try_at
    ? word("screens.last_try", { when: when(row.last_try_at) })
    : word("screens.never_tried");
  const soon = row.next_at > Date.now();
  const next = soon ? word("screens.next_try", { when: when(row.next_at) }) : word("screens.next_soon");
  return `${last}. ${next}.`;
}

async function correct(row) {
  const draft = await takeBack(row.uid);
  if (draft) location.assign(`/desa/catat/?${draft.version ? "perbaiki" : "draf"}=${row.uid}`);
}

const ACTS = {
  fix: (row) => button(word("screens.correct"), () => correct(row)),
  help: (row) =>
    row.reason === "gone"
      ? button(word("queue.bar_send_now"), () => tryAgain(row.uid))
      : button(word("screens.correct"), () => correct(row)),
  conflict: (row) => button(word("screens.choose_version"), () => drawConflict(part("conflict"), row)),
};

async function card(row, data) {
  const { tag, css, says } = await standing("queue", row);
  const lines = [why(row), tries(row)].filter(Boolean).map((text) => element("p", "small muted", text));
  const act = ACTS[row.state]?.(row);
  return element(
    "li",
    "card",
    element("p", "", element("span", `tag ${css}`, tag)),
    element("h2", "", row.title),
    element("p", "small muted", about(row, data)),
    element("p", "", says),
    ...lines,
    ...(act ? [element("p", "actions", act)] : []),
  );
}

async function photoCards(queue) {
  const going = await photosToSend();
  const owner = await account();
  const mine = (photo) => photo.state === "refused" && photo.account === owner;
  const refused = (await all("photos")).filter(mine);
  const parents = new Map((await all("receipts")).map((row) => [row.uid, row.title]));
  for (const row of queue) parents.set(row.uid, row.title);
  return [...going, ...refused]
    .filter((photo) => parents.has(photo.parent))
    .map((photo) => {
      const bad = photo.state === "refused";
      const says = bad
        ? word(photo.detail ? "queue.photo_refused" : "queue.photo_too_large", { detail: photo.detail })
        : word("queue.says_photo_wait");
      const tag = word(bad ? "queue.state_fix" : "queue.state_photo_wait");
      return element(
        "li",
        "card",
        element("p", "", element("span", `tag ${bad ? "tag-returned" : ""}`, tag)),
        element("h2", "", word("screens.photo_waiting", { title: parents.get(photo.parent) })),
        element("p", "", says),
      );
    });
}

async function draw() {
  const data = await reference().catch(() => null);
  const rows = await waiting();
  const cards = [...(await Promise.all(rows.map((row) => card(row, data)))), ...(await photoCards(rows))];
  const going = rows.some((row) => !ASKING.includes(row.state)) || (await photosToSend()).length > 0;
  part("waiting").replaceChildren(...cards);
  part("empty").hidden = cards.length > 0;
  part("send").hidden = !going;
  part("copy").hidden = !rows.length;
  if (!rows.some((row) => row.state === "conflict")) part("conflict").hidden = true;
}

async function sendNow() {
  const pressed = part("send").querySelector("button");
  pressed.setAttribute("aria-disabled", "true");
  await send({ now: true }).catch(() => {});
  pressed.removeAttribute("aria-disabled");
  const { state } = await status();
  part("told").textContent = state === "offline" ? word("screens.still_waiting") : "";
  part("told").classList.toggle("visually-hidden", state !== "offline");
  await draw();
}

/** Runs the page. */
export async function start() {
  if (!(await available())) return;
  part("send").querySelector("button").addEventListener("click", sendNow);
  await draw();
  onChange(draw);
}
