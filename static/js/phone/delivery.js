// What becomes of a row after one try. Each change is one transaction: a record is in the queue or
// has its receipt, never neither and never both.

import { ask, keyOf, put, write } from "./store.js";
import { photosOf, putReceipt, sentKey } from "./row.js";

const BASE = 30; // seconds
const CAP = 30 * 60;
const KEPT_DAYS = 400; // receipts
const DAY = 86_400_000; // milliseconds

/** Milliseconds until the next try after `tries` of them: anywhere below 30 s × 2ⁿ, at most 30 min. */
export const backoff = (tries) => 1000 * Math.random() * Math.min(CAP, BASE * 2 ** (tries - 1));

/** A time more than a day ahead was written by a clock that has been put back since. */
export const isPast = (at, now) => at <= now || at - now > DAY;

const next = (row, wait = 0) => Date.now() + Math.max(backoff(row.tries), 1000 * wait);

/** Takes `row` for one try; null when the person took it back meanwhile. */
export function take(row) {
  const taken = { ...row, state: "sending", last_try_at: Date.now() };
  const tried = { ...taken, tries: row.tries + 1 }; // counted when it has ended
  return write(["queue"], async (tx) => {
    const found = await ask(tx.objectStore("queue").get(keyOf(row)));
    if (found?.edition !== row.edition || found.state !== row.state) return null;
    await ask(tx.objectStore("queue").put(taken));
    return tried;
  }).catch((trouble) => {
    if (trouble?.name !== "QuotaExceededError") throw trouble;
    return tried; // the phone is too full for the mark; sending is what makes room
  });
}

/** Whoever holds the sender's lock and finds a row "sending" finds what a crash left behind. */
export function recover(rows) {
  const left = rows.filter((row) => row.state === "sending");
  if (!left.length) return null;
  return write(["queue"], (tx) => {
    for (const row of left) {
      tx.objectStore("queue").put({ ...row, state: "queued", tries: row.tries + 1 });
    }
  });
}

const changed = (row, values) => put("queue", { ...row, detail: "", errors: [], ...values });

/** What to do with a record, by the word of replies.js. */
export const afterText = {
  received,
  retry: (row, { reason, wait }) =>
    changed(row, { state: "queued", reason, next_at: next(row, wait) }),
  login: (row) => changed(row, { state: "queued", reason: "login", next_at: 0 }),
  csrf: (row) => changed(row, { state: "help", reason: "csrf_failed" }),
  fix: (row, { errors, reason, detail }) => changed(row, { state: "fix", errors, reason, detail }),
  help: (row, { reason, detail }) => changed(row, { state: "help", reason, detail }),
  conflict: (row, { reason, theirs }) => changed(row, { state: "conflict", reason, theirs }),
  update: (row, { reason }) =>
    changed(row, { state: "update", reason, next_at: Date.now() + 1000 * CAP }),
};

function received(row, { number, received_at, digest }) {
  const { uid, account, village, title, held_on, program, held } = row;
  const sent = { uid, account, village, title, held_on, program, held };
  return write(["queue", "receipts", "photos", "meta"], async (tx) => {
    tx.objectStore("queue").delete(keyOf(row));
    tx.objectStore("meta").delete(sentKey(row));
    await putReceipt(tx, { ...sent, number, received_at, digest });
  });
}

// The row of a photo outlives its picture. A photo that the person took away meanwhile stays away.
function settlePhoto(photo, values) {
  return write(["photos", "receipts"], async (tx) => {
    const found = await ask(tx.objectStore("photos").get(photo.uid));
    if (!found) return;
    await ask(tx.objectStore("photos").put({ ...photo, ...values }));
    const record = keyOf({ account: photo.account, uid: photo.parent });
    const receipt = await ask(tx.objectStore("receipts").get(record));
    if (receipt) await putReceipt(tx, receipt);
  });
}

/** The same for a photo. Only its receipt frees the picture. */
export const afterPhoto = {
  received: (photo) => settlePhoto(photo, { state: "sent", blob: null, reason: "" }),
  refuse: (photo, { reason, detail }) => settlePhoto(photo, { state: "refused", reason, detail }),
  csrf: (photo) => settlePhoto(photo, { reason: "csrf_failed", next_at: next(photo) }),
  retry: (photo, { reason, wait }) => settlePhoto(photo, { reason, next_at: next(photo, wait) }),
  login: (photo) => settlePhoto(photo, { reason: "login", next_at: 0 }),
};

/** Old receipts go, by the portal's clock: a phone's own may be a year ahead. */
export function forgetOld(now) {
  return write(["receipts", "photos"], async (tx) => {
    for (const receipt of await ask(tx.objectStore("receipts").getAll())) {
      const age = now - Date.parse(receipt.received_at);
      if (!(age > KEPT_DAYS * DAY) || receipt.photos_left) continue;
      tx.objectStore("receipts").delete(keyOf(receipt));
      for (const photo of await photosOf(tx, receipt)) {
        tx.objectStore("photos").delete(photo.uid);
      }
    }
  });
}
