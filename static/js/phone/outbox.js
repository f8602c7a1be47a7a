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
  const kept = await settle(row, photos);
  const photosKept = await queuePhotos(kept, photos).then(
    () => true,
    (trouble) => {
      if (trouble?.name !== "QuotaExceededError") throw trouble;
      return (photos ?? []).every((one) => kept.held.includes(one.uid));
    },
  );
  askToStay();
  globalThis.dispatchEvent(new Event(QUEUED));
  return { row: kept, photosKept };
}

/**
 * Into the queue and out of the drafts, in one piece and before its photos: what a full phone
 * refuses may take its room for a while. Photos that lie here are named, so that they are sent
 * even if they are not marked; those of the draft that were not chosen the person has taken out.
 */
function settle(row, photos) {
  return write(["queue", "drafts", "photos", "meta"], async (tx) => {
    tx.objectStore("drafts").delete(keyOf(row));
    const held = [];
    for (const { uid, state } of await photosOf(tx, row)) {
      const goes = state !== "draft" || !photos || photos.some((one) => one.uid === uid);
      if (goes) held.push(uid);
      else tx.objectStore("photos").delete(uid);
    }
    return putEdition(tx, { ...row, held });
  });
}

/** Its photos, those that were just taken and those of the draft, wait as well. */
function queuePhotos(row, photos) {
  return write(["photos"], async (tx) => {
    const known = await photosOf(tx, row);
    for (const photo of photos ?? known) {
      const before = known.find((one) => one.uid === photo.uid);
      if (before && before.state !== "draft") continue; // on its way, or received, already
      const mine = { parent: row.uid, account: row.account, state: "queued", reason: "" };
      tx.objectStore("photos").put({ ...before, ...photo, ...mine });
    }
  });
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
