// The bar above every page of the village: one sentence on what became of the records.

import { available, onChange } from "./store.js";
import { room } from "./photo.js";
import { send, status } from "./sender.js";
import { look } from "./update.js";
import { word } from "./words.js";

const MINUTE = 60_000; // milliseconds
const UNITS = [
  ["days", 1440 * MINUTE],
  ["hours", 60 * MINUTE],
  ["minutes", MINUTE],
];
const LOOKS = {
  offline: "offline",
  sending: "sending",
  photos: "sending",
  done: "done",
  waiting: "waiting",
  login: "waiting",
  fix: "waiting",
  help: "waiting",
};

/** "2 days" since `since`, in the language of the page; never less than a minute. */
export function age(since, now = Date.now()) {
  const past = Math.max(now - since, MINUTE);
  const [unit, size] = UNITS.find(([, one]) => past >= one);
  return word(`queue.age_${unit}`, { n: Math.floor(past / size) });
}

// The portal's own time (WITA), with the day in front when it was another day.
function moment(text) {
  const [then, now] = [new Date(text), new Date()];
  const zone = { timeZone: "Asia/Makassar" };
  const format = (options) => new Intl.DateTimeFormat("id", { ...zone, ...options });
  const time = format({ hour: "2-digit", minute: "2-digit" }).format(then);
  const day = format({ day: "numeric", month: "long" });
  if (day.format(then) === day.format(now)) return time;
  return word("queue.bar_moment", { day: day.format(then), time });
}

const sentences = {
  offline: () => word("queue.bar_offline"),
  login: ({ n }) => word("queue.bar_login", { n }),
  sending: ({ n }) => word("queue.bar_sending", { n }),
  waiting: ({ n, since }) => word("queue.bar_waiting", { n, age: age(since) }),
  fix: ({ n }) => word("queue.bar_fix", { n }),
  help: ({ n }) => word("queue.bar_help", { n }),
  photos: () => word("queue.says_photo_wait"),
  done: ({ last }) => word("queue.bar_done", { time: moment(last) }),
};

function button() {
  const made = Object.assign(document.createElement("button"), { type: "button" });
  made.textContent = word("queue.bar_send_now");
  made.addEventListener("click", () => send({ now: true }));
  return made;
}

function link(address, key) {
  const made = document.createElement("a");
  made.href = address;
  made.textContent = word(key);
  return made;
}

const OUTBOX = "/desa/kotak-kirim/";
const acts = {
  waiting: button,
  login: () => link(`/masuk/?next=${encodeURIComponent("/desa/")}`, "queue.bar_login_link"),
  fix: () => link(OUTBOX, "queue.bar_look"),
  help: () => link(OUTBOX, "queue.bar_look"),
};

function draw(bar, state, sentence, act) {
  // The same words again would be read out again by a screen reader.
  if (bar.dataset.state === state && bar.firstChild?.textContent === sentence) return;
  bar.dataset.state = state;
  bar.dataset.look = LOOKS[state] ?? "";
  const text = document.createElement("span");
  text.textContent = sentence;
  bar.replaceChildren(...(sentence ? [text] : []), ...(act ? [" ", act()] : []));
}

async function show(bar) {
  const facts = await status();
  const full = facts.state === "done" || facts.state === "none" ? (await room()).full : false;
  if (full) return draw(bar, "full", word("queue.bar_full"));
  draw(bar, facts.state, sentences[facts.state]?.(facts) ?? "", acts[facts.state]);
  if (facts.old) look();
}

/** Keeps the bar true from now on. */
export async function follow(bar = document.querySelector("[data-bar]")) {
  if (!bar) return;
  if (!(await available())) return draw(bar, "no-store", word("queue.bar_no_store"));
  let again = Promise.resolve();
  const draw_ = () => (again = again.then(() => show(bar)).catch(() => {}));
  onChange(draw_);
  for (const event of ["online", "offline"]) addEventListener(event, draw_);
  setInterval(draw_, MINUTE);
  await draw_();
}
