// Who is signed in, asked just before sending: the token changes at every login and is never kept.

import { account, get, put } from "./store.js";
import { ASKING, waiting } from "./outbox.js";
import { backoff, forgetOld, isPast } from "./delivery.js";
import { judge } from "./replies.js";
import { request } from "./request.js";

let misses = 0; // sessions asked for in vain, one after the other
let reported; // how many wait, as last told to the portal

let probeAt = 0;

/** When the portal may be asked again, in milliseconds; a person's press does not wait for it. */
export const askAgainAt = () => probeAt;

/** Records that wait for the network, not for the person. */
export async function toSend() {
  return (await waiting()).filter((row) => !ASKING.includes(row.state));
}

export const unreported = async () => reported !== (await toSend()).length;

// A phone too full for a note still sends: only the queue itself has to be on the disk.
const note = (key, values) => put("meta", { key, ...values }).catch(() => {});

/** A wait the portal asked for. */
export const pause = (seconds) => note("pause", { until: Date.now() + 1000 * seconds });

/** Milliseconds of the moment until which the portal asked for rest; 0 when it is over. */
export async function restUntil() {
  const until = (await get("meta", "pause"))?.until ?? 0;
  return isPast(until, Date.now()) ? 0 : until;
}

/** "", "offline" or "login": how the portal was last found by this account. */
export async function gate() {
  const kept = await get("meta", "gate");
  return kept?.account === (await account()) ? kept.state : "";
}

async function setGate(state) {
  if ((await gate()) !== state) await note("gate", { state, account: await account() });
}

export const spoken = () => ({
  Accept: "application/json",
  "Accept-Language": document.documentElement.lang || "id",
});

/** The session of this very account, fresh token and all; null: not now, and why is noted. */
export async function greet() {
  const rows = await toSend();
  const waits = rows.length;
  const oldest = waits ? `&oldest=${new Date(rows[0].created_at).toISOString()}` : "";
  const path = `session/?waiting=${waits}${oldest}`;
  const action = judge("session", await request(path, { headers: spoken() }), null);
  if (action.wait) await pause(action.wait);
  if (action.do !== "session") return missed(action);
  // Somebody else is signed in now: her session must not carry this person's records.
  if (action.account !== (await account())) return missed({ do: "login" });
  misses = probeAt = 0;
  reported = waits;
  await setGate("");
  await noteContact(action.body);
  return action;
}

/** Notes why nothing can be sent, and when to ask again. */
export async function missed({ do: word, reason }) {
  probeAt = Date.now() + backoff(++misses);
  const noSignal = reason === "network" || reason === "timeout";
  await setGate(word === "login" ? "login" : noSignal ? "offline" : "");
  return null;
}

async function noteContact({ user, server_time }) {
  const theirs = Date.parse(server_time) || Date.now();
  const before = await get("meta", "contact");
  await note("contact", { at: theirs, offset: theirs - Date.now(), name: user.name });
  const day = (time) => new Date(time).toDateString();
  if (!before || day(before.at) !== day(theirs)) await forgetOld(theirs);
}
