// What this account has on this phone that the portal has not received, and how it is cleared away
// when she logs out.

import { account, all, ask, keyOf, write } from "./store.js";
import { sentKey, unsent as toSend } from "./row.js";

const FACTS = ["drafts", "queue", "photos", "receipts"];

/** {account, drafts, queue, photos, receipts, sent}: rows as they stand in the stores. */
export async function unsent() {
  const owner = await account();
  const mine = async (store) => (await all(store)).filter((row) => row.account === owner);
  const [drafts, queue, photos, receipts] = await Promise.all(FACTS.map(mine));
  const waiting = photos.filter(toSend);
  const records = new Set(uidsOf({ drafts, queue, photos: waiting }));
  const keys = new Set([...records].map((uid) => sentKey({ account: owner, uid })));
  const sent = (await all("meta")).filter(({ key }) => keys.has(key));
  return {
    account: owner,
    drafts,
    queue,
    photos: waiting,
    receipts: receipts.filter(({ uid }) => records.has(uid)),
    sent,
  };
}

/** Each record once, whether its words or only a photo of it wait. */
export function uidsOf({ drafts, queue, photos }) {
  const rows = [...drafts, ...queue].map((row) => row.uid);
  return [...new Set([...rows, ...photos.map((photo) => photo.parent)])];
}

const MARK = {
  drafts: (row) => `draft ${row.uid} ${row.changed_at}`,
  queue: (row) => `queue ${row.uid} ${row.edition}`,
  photos: (row) => `photo ${row.uid}`,
};

/** One word for each row as it stands: it changes when the person changes the row. */
export const marks = (rows) => Object.keys(MARK).flatMap((store) => rows[store].map(MARK[store]));

/** Is all that waits here in the last copy as well? `copy`: what was noted when it was made. */
export function isCopied(rows, copy) {
  return Boolean(copy) && marks(rows).every((mark) => copy.marks.includes(mark));
}

/**
 * Takes this account off the phone; what others have here stays. `known`: the marks of what the
 * person was told of. Anything unsent beside it, of another tab a moment ago, stays as well.
 */
export function wipe(owner, known) {
  return write([...FACTS, "reference", "meta"], async (tx) => {
    for (const name of FACTS) {
      const store = tx.objectStore(name);
      for (const row of await ask(store.getAll())) {
        if (row.account !== owner || !isGiven(name, row, known)) continue;
        store.delete(name === "photos" ? row.uid : keyOf(row));
        const queued = await ask(tx.objectStore("queue").get(keyOf(row)));
        if (!queued) tx.objectStore("meta").delete(sentKey(row));
      }
    }
    tx.objectStore("reference").delete(owner);
    for (const key of ["account", "contact", `copy:${owner}`]) tx.objectStore("meta").delete(key);
  });
}

function isGiven(store, row, known) {
  if (store === "receipts" || (store === "photos" && !toSend(row))) return true;
  return known.includes(MARK[store](row));
}
