// The queue of records on their way. "Kirim" fixes the bytes of a record; every try sends these
// same bytes, so that the portal can tell a repeat from a change.

import { account, all, ask, get, keyOf, put, write } from "./store.js";
import { ASKING, FRESH, QUEUED, photosOf, putEdition, sealed } from "./row.js";

export { resolve } from "./conflict.js";
export { ASKING, QUEUED };

/**
 * "Kirim": the record waits on this phone, whatever the network does. `item`: as the API takes it
 * (api.md 3); `photos`: rows {uid, blob, digest, size, width, height}, left out: the draft's own.
 * Returns {row, photosKept}: a phone too full for new photos keeps the record all the same.
 */
export async function enqueue({ uid, village, kind, version = null, values, item, photos }) {
  const { title = "", held_on = "", program = "" } = item;
  const row = { uid, village, kind, version, values, title, held_on, program, ...FRESH };
  Object.assign(row, await sealed(kind, { ...item, uid }));
  row.account = await account();
  row.created_at = Date.now();
  const kept = await settle(row, photos).catch((trouble) => {
    if (trouble?.name !== "QuotaExceededError") throw trouble;
    return settleFull(row, photos);
  });
  askToStay();
  globalThis.dispatchEvent(new Event(QUEUED));
  return kept;
}

/** Into the queue and out of the drafts, in one piece. */
async function settle(row, photos) {
  const kept = await write(["queue", "drafts", "photos", "meta"], async (tx) => {
    tx.objectStore("drafts").delete(keyOf(row));
    queuePhotos(tx, row, await photosOf(tx, row), photos);
    return putEdition(tx, row);
  });
  return { row: kept, photosKept: true };
}

// A browser frees what a refused photo had taken only a moment later: milliseconds to wait.
const PATIENCE = [100, 300, 900, 2700];

/** The same on a full phone: the photos that lie there already are named, not written again. */
async function settleFull(row, photos, patience = PATIENCE) {
  const record = async (tx) => {
    tx.objectStore("drafts").delete(keyOf(row));
    const held = (await photosOf(tx, row)).map((photo) => photo.uid);
    return putEdition(tx, { ...row, held });
  };
  try {
    const kept = await write(["queue", "drafts", "photos", "meta"], record);
    return { row: kept, photosKept: (photos ?? []).every((one) => kept.held.includes(one.uid)) };
  } catch (trouble) {
    if (trouble?.name !== "QuotaExceededError" || !patience.length) throw trouble;
    await new Promise((done) => setTimeout(done, patience[0]));
    return settleFull(row, photos, patience.slice(1));
  }
}

// Those of the draft that were not sent along were taken out by the person.
function queuePhotos(tx, row, known, given) {
  const store = tx.objectStore("photos");
  const drafts = known.filter((photo) => photo.state === "draft");
  const chosen = given ?? drafts;
  for (const photo of drafts) {
    if (!chosen.some((one) => one.uid === photo.uid)) store.delete(photo.uid);
  }
  for (const photo of chosen) {
    const before = known.find((one) => one.uid === photo.uid);
    if (before && before.state !== "draft") continue; // on its way, or received, already
    const mine = { parent: row.uid, account: row.account, state: "queued", reason: "" };
    store.put({ ...before, ...photo, ...mine });
  }
}

// Asked once, after the first record: then there is something worth keeping. "No" is normal.
async function askToStay() {
  if (!navigator.storage?.persist || (await get("meta", "persist"))) return;
  await put("meta", { key: "persist", granted: await navigator.storage.persist() });
}

async function mine(store) {
  const name = await account();
  return (await all(store)).filter((row) => row.account === name);
}

/** Records of this account that are not received yet, oldest first, whatever they wait for. */
export async function waiting() {
  return (await mine("queue")).sort((a, b) => a.created_at - b.created_at);
}

/** Receipts of this account, newest first. */
export async function receipts() {
  return (await mine("receipts")).sort((a, b) => (a.received_at < b.received_at ? 1 : -1));
}

/** The record is a draft again, with its photos; null when it is on its way or gone. */
export async function takeBack(uid) {
  const own = { account: await account(), uid };
  return write(["queue", "drafts", "photos"], async (tx) => {
    const row = await ask(tx.objectStore("queue").get(keyOf(own)));
    const untried = row?.state === "queued" && row.tries === 0;
    if (!untried && !ASKING.includes(row?.state)) return null;
    const { account: owner, village, values, errors, reason } = row;
    const version = row.theirs?.version ?? row.version;
    const changed_at = Date.now();
    const draft = { uid, account: owner, village, version, step: 1, values, changed_at };
    tx.objectStore("queue").delete(keyOf(own));
    for (const photo of await photosOf(tx, own)) {
      if (photo.state === "queued") tx.objectStore("photos").put({ ...photo, state: "draft" });
    }
    await ask(tx.objectStore("drafts").put({ ...draft, errors, reason }));
    return { ...draft, errors, reason };
  });
}

/** A record that asks for help goes out again as it is: the office may have opened the way since. */
export async function tryAgain(uid) {
  const own = keyOf({ account: await account(), uid });
  await write(["queue"], async (tx) => {
    const row = await ask(tx.objectStore("queue").get(own));
    if (row?.state === "help") tx.objectStore("queue").put({ ...row, state: "queued", next_at: 0 });
  });
  globalThis.dispatchEvent(new Event(QUEUED));
}
