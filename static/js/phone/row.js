// One record in the queue: its fixed bytes, and what was sent under its uid before.

import { ask } from "./store.js";

/** Tells the sender of this page that something new waits. */
export const QUEUED = "pug-queued";

/** States in which the person, not the phone, has to act. */
export const ASKING = ["fix", "help", "conflict"];

/** A row as it enters the queue: nothing tried, nothing asked. */
export const FRESH = {
  state: "queued",
  tries: 0,
  next_at: 0,
  last_try_at: 0,
  reason: "",
  detail: "",
  errors: [],
  theirs: null,
};

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** {digest, body}: the exact text that is sent, and the digest its receipt has to carry. */
export async function sealed(kind, item) {
  const { client_digest: _old, ...content } = item;
  content.device_time ??= new Date().toISOString();
  const digest = hex(await sha256(new TextEncoder().encode(JSON.stringify(content))));
  const signed = { ...content, client_digest: digest };
  return { digest, body: JSON.stringify(kind === "create" ? { items: [signed] } : signed) };
}

/** The item inside the bytes of `row`. */
export function itemOf(row) {
  const sent = JSON.parse(row.body);
  return row.kind === "create" ? sent.items[0] : sent;
}

/** Puts `row` into the queue as the next edition of its uid; to be called inside `write`. */
export async function putEdition(tx, row) {
  const meta = tx.objectStore("meta");
  const key = sentKey(row);
  const digests = [...((await ask(meta.get(key)))?.digests ?? []), row.digest];
  meta.put({ key, digests });
  const next = { ...row, edition: digests.length, digests };
  await ask(tx.objectStore("queue").put(next));
  return next;
}

/** Where in `meta` the digests stand that were sent under a uid. */
export const sentKey = ({ account, uid }) => `sent:${account} ${uid}`;

/** The photos of a draft, of a row of the queue or of a receipt. */
export const photosOf = (tx, { account, uid }) =>
  ask(tx.objectStore("photos").index("record").getAll([account, uid]));

/** Is the picture only here, with its record on the way or still a draft? */
export const unsent = ({ state }) => state === "queued" || state === "draft";

/** Was it sent off? `held`: what a phone too full for the mark could not mark as queued. */
export const sentOff = ({ state, uid }, held = []) =>
  state === "queued" || (state === "draft" && held.includes(uid));

/** Stores `receipt` with the number of its photos still to go; to be called inside `write`. */
export async function putReceipt(tx, receipt) {
  const photos = await photosOf(tx, receipt);
  const photos_left = photos.filter((photo) => sentOff(photo, receipt.held)).length;
  await ask(tx.objectStore("receipts").put({ ...receipt, photos_left }));
}
