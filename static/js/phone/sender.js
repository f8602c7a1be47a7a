// Sends what waits: one sender at a time on this phone, oldest record first, records before photos.
// A bad one never blocks the next; nothing is given up but by the person.

import { available, setAccount } from "./store.js";
import { QUEUED, waiting } from "./outbox.js";
import { isPast, recover } from "./delivery.js";
import { askAgainAt, greet, missed, pause, restUntil, toSend, unreported } from "./session.js";
import { photosToSend } from "./status.js";
import { sendPhoto, sendText } from "./tries.js";

export { status } from "./status.js";

const LONGEST_SLEEP = 30 * 60 * 1000; // milliseconds
let asked = null;
let running = null;
let timer;

/** Drains the queue. `now`: also what was to rest a while; a wait the portal asked for holds. */
export function send({ now = false } = {}) {
  asked = { now: now || Boolean(asked?.now) };
  running ??= work();
  return running;
}

async function work() {
  try {
    while (asked) {
      const { now } = asked;
      asked = null;
      await navigator.locks.request("pug-send", () => drain(now));
      await sleep();
    }
  } finally {
    running = null;
  }
}

async function drain(now) {
  await recover(await waiting());
  if (!now && !isPast(askAgainAt(), Date.now())) return;
  const tried = new Set();
  let session = null;
  for (let job; !(await restUntil()) && (job = await nextJob(tried, now)); ) {
    session ??= await greet();
    if (!session) return;
    tried.add(job.uid);
    const action = await attempt(job, session);
    if (action?.do === "login") return void (await missed(action));
    if (action?.wait) await pause(action.wait);
    // The next one starts by asking whether the portal is there at all.
    session = action?.do === "retry" ? null : (action?.fresh ?? session);
  }
  if (tried.size && (await unreported())) await greet();
}

async function nextJob(tried, now) {
  const time = Date.now();
  const due = (row) => !tried.has(row.uid) && (now || isPast(row.next_at ?? 0, time));
  return (await toSend()).find(due) ?? (await photosToSend()).find(due);
}

// What goes wrong on this side leaves the row as it is, for the next time, and the others go on.
async function attempt(job, session) {
  try {
    return await (job.parent ? sendPhoto : sendText)(job, session);
  } catch (trouble) {
    console.error("pug: one record could not be tried", trouble);
    return missed({ do: "broken" });
  }
}

// Nothing is lost by it: what waits stays, and the next call tries again.
const note = (trouble) => console.error("pug: sending stopped", trouble);

async function sleep() {
  clearTimeout(timer);
  const rows = [...(await toSend()), ...(await photosToSend())];
  if (!rows.length) return;
  const soonest = Math.min(...rows.map((row) => row.next_at ?? 0));
  const at = Math.max(soonest, askAgainAt(), await restUntil());
  const wait = Math.min(Math.max(at - Date.now(), 1000), LONGEST_SLEEP);
  timer = setTimeout(() => send().catch(note), wait);
}

/** Follows everything that may mean "now": the page, the signal, the person, the worker. */
export async function start() {
  if (!(await available())) return;
  const named = document.documentElement.dataset.account;
  if (named) await setAccount(named).catch(() => {});
  const now = () => send({ now: true }).catch(note);
  addEventListener("online", now);
  addEventListener(QUEUED, now);
  document.addEventListener("visibilitychange", () => document.hidden || now());
  navigator.serviceWorker?.addEventListener("message", ({ data }) => data?.type === "send" && now());
  await now();
}
