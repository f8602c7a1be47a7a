// How things stand on this phone for the person who uses it now.

import { account, all } from "./store.js";
import { ASKING, receipts, waiting } from "./outbox.js";
import { sentOff } from "./row.js";
import { gate } from "./session.js";

const REMIND = 48 * 3600 * 1000; // milliseconds a record waits before no signal is no excuse

/** Photos of this account that may go: their record was received and nothing of it waits. */
export async function photosToSend() {
  const name = await account();
  const received = new Map((await receipts()).map((receipt) => [receipt.uid, receipt]));
  for (const row of await all("queue")) received.delete(row.uid);
  const goes = (photo) => {
    const receipt = received.get(photo.parent);
    return receipt && photo.account === name && sentOff(photo, receipt.held);
  };
  return (await all("photos")).filter(goes);
}

function standing({ open, asking, photos, found, last }) {
  const since = open[0]?.created_at ?? 0;
  const toSend = open.length || photos.length;
  const dark = navigator.onLine === false || (found === "offline" && toSend > 0);
  const fact = (state, n) => ({ state, n, since, last });
  if (dark && !(since && Date.now() - since > REMIND)) return fact("offline", open.length);
  if (found === "login" && toSend) return fact("login", toSend);
  if (open.some((row) => row.state === "sending")) return fact("sending", open.length);
  if (open.length) return fact("waiting", open.length);
  const help = asking.filter((row) => row.state === "help").length;
  if (asking.length > help) return fact("fix", asking.length - help);
  if (help) return fact("help", help);
  if (photos.length) return fact("photos", photos.length);
  return fact(last ? "done" : "none", 0);
}

/**
 * {state, n, since, last, old}: none | offline | login | sending | waiting | fix | help | photos | done;
 * `since` the oldest waiting record (ms), `last` the moment of the newest receipt,
 * `old`: the portal asks for newer pages.
 */
export async function status() {
  const rows = await waiting();
  const open = rows.filter((row) => !ASKING.includes(row.state));
  const asking = rows.filter((row) => ASKING.includes(row.state));
  const last = (await receipts())[0]?.received_at ?? "";
  const facts = { open, asking, photos: await photosToSend(), found: await gate(), last };
  return { ...standing(facts), old: open.some((row) => row.state === "update") };
}
