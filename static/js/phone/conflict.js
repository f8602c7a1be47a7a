// Two versions of one record: the person says which one counts.

import { ask, get, keyOf, write } from "./store.js";
import { FRESH, QUEUED, itemOf, photosOf, putEdition, putReceipt, sealed, sentKey, sentOff } from "./row.js";

/**
 * "mine" goes out as a correction of what stands there, "theirs" lets that stand, "new" sends this
 * one as a record of its own. Returns the uid that lives on; null when there is no conflict,
 * or what stands there is not for this person's eyes and only "new" is left.
 */
export async function resolve(uid, choice) {
  const row = await get("queue", uid);
  if (row?.state !== "conflict" || (choice !== "new" && !row.theirs)) return null;
  if (choice === "theirs") return yieldTo(row);
  if (choice === "mine") return again(row, uid, "correct", row.theirs.version);
  return again(row, crypto.randomUUID(), "create", null);
}

async function again(row, uid, kind, version) {
  const item = { ...itemOf(row), uid };
  const next = { ...row, ...FRESH, uid, kind, version, ...(await sealed(kind, item)) };
  await write(["queue", "photos", "meta"], async (tx) => {
    tx.objectStore("queue").delete(keyOf(row));
    for (const photo of uid === row.uid ? [] : await photosOf(tx, row)) {
      if (sentOff(photo, row.held)) tx.objectStore("photos").put({ ...photo, parent: uid });
    }
    await putEdition(tx, next);
  });
  globalThis.dispatchEvent(new Event(QUEUED));
  return uid;
}

// Its photos show the same event: they go to the record that stands.
async function yieldTo(row) {
  const { uid, account, village, title, held_on, program, held, theirs } = row;
  const { number = "", received_at = "" } = theirs ?? {};
  const sent = { uid, account, village, number, received_at, digest: "", title, held_on, program };
  await write(["queue", "receipts", "photos", "meta"], async (tx) => {
    const known = await ask(tx.objectStore("receipts").get(keyOf(row)));
    tx.objectStore("queue").delete(keyOf(row));
    tx.objectStore("meta").delete(sentKey(row));
    await putReceipt(tx, { ...sent, ...known, held });
  });
  return uid;
}
