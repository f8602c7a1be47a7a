// A copy of what is not sent, in a file that only a secret word opens: for a phone that is handed
// on, or given up. Opened elsewhere under the same account, nothing comes in twice.

import { ask, keyOf, put, write } from "./store.js";
import { QUEUED, sentKey } from "./row.js";
import { marks, unsent, uidsOf } from "./unsent.js";

const HEAD = new TextEncoder().encode("PUGCOPY1");
const SALT = 16; // bytes
const IV = 12;
const ROUNDS = 600_000;
const NEEDED = 8; // signs of a secret word

/** Why a copy is not made or not opened: "short", "not_a_copy", "wrong_word" or "other_account". */
export class Refused extends Error {}

/** An encrypted Blob of this account's unsent records with their photos. */
export async function save(word) {
  if (word.length < NEEDED) throw new Refused("short");
  const rows = await unsent();
  const salt = crypto.getRandomValues(new Uint8Array(SALT));
  const iv = crypto.getRandomValues(new Uint8Array(IV));
  const photos = await Promise.all(rows.photos.map(packed));
  const text = new TextEncoder().encode(JSON.stringify({ ...rows, photos }));
  const way = { name: "AES-GCM", iv, additionalData: HEAD };
  const body = await crypto.subtle.encrypt(way, await secretOf(word, salt), text);
  await put("meta", { key: `copy:${rows.account}`, marks: marks(rows) });
  return new Blob([HEAD, salt, iv, body], { type: "application/octet-stream" });
}

/** Puts back what this phone does not hold yet: {added, known}, counted in records. */
export async function open(file, word) {
  const kept = JSON.parse(new TextDecoder().decode(await opened(file, word)));
  const here = await unsent();
  if (kept.account !== here.account) throw new Refused("other_account");
  const photos = await Promise.all(kept.photos.map(unpacked));
  const stores = ["drafts", "queue", "photos", "receipts", "meta"];
  const added = await write(stores, (tx) => putBack(tx, { ...kept, photos }));
  globalThis.dispatchEvent(new Event(QUEUED));
  return { added, known: uidsOf(kept).length - added };
}

async function putBack(tx, kept) {
  let added = 0;
  for (const uid of uidsOf(kept)) {
    const rows = partOf(kept, uid);
    if (await isHere(tx, rows, keyOf({ account: kept.account, uid }))) continue;
    for (const row of rows.drafts) tx.objectStore("drafts").put(row);
    for (const row of rows.queue) tx.objectStore("queue").put(rested(row));
    for (const row of rows.photos) tx.objectStore("photos").put({ ...row, next_at: 0, tries: 0 });
    for (const row of rows.receipts) tx.objectStore("receipts").put(row);
    for (const row of rows.sent) tx.objectStore("meta").put(row);
    added += 1;
  }
  return added;
}

function partOf(kept, uid) {
  const own = (store) => kept[store].filter((row) => row.uid === uid);
  return {
    drafts: own("drafts"),
    queue: own("queue"),
    receipts: own("receipts"),
    photos: kept.photos.filter((photo) => photo.parent === uid),
    sent: kept.sent.filter((row) => row.key === sentKey({ account: kept.account, uid })),
  };
}

// The same record, in whatever state, counts as here: the newer of two is the one on the phone. A
// receipt speaks for its own words only, so a correction written since then still comes in.
async function isHere(tx, { drafts, queue }, key) {
  const held = async (store) => ask(tx.objectStore(store).get(key));
  if ((await held("drafts")) || (await held("queue"))) return true;
  const receipt = await held("receipts");
  if (!receipt) return false;
  const fixes = [...drafts, ...queue].some((row) => row.version && row.digest !== receipt.digest);
  return !fixes;
}

// Whatever the other phone was waiting for, this one may try at once.
function rested(row) {
  const state = row.state === "sending" ? "queued" : row.state;
  return { ...row, state, tries: 0, next_at: 0, last_try_at: 0 };
}

async function opened(file, word) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const at = HEAD.length;
  const known = HEAD.every((sign, place) => bytes[place] === sign);
  if (!known || bytes.length <= at + SALT + IV) throw new Refused("not_a_copy");
  const iv = bytes.slice(at + SALT, at + SALT + IV);
  const key = await secretOf(word, bytes.slice(at, at + SALT));
  const way = { name: "AES-GCM", iv, additionalData: HEAD };
  return crypto.subtle.decrypt(way, key, bytes.slice(at + SALT + IV)).catch(() => {
    throw new Refused("wrong_word");
  });
}

async function secretOf(word, salt) {
  const said = new TextEncoder().encode(word.normalize("NFKC"));
  const base = await crypto.subtle.importKey("raw", said, "PBKDF2", false, ["deriveKey"]);
  const way = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(way, base, { name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
}

async function packed(photo) {
  const bytes = new Uint8Array(await photo.blob.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return { ...photo, blob: btoa(text) };
}

function unpacked(photo) {
  const bytes = Uint8Array.from(atob(photo.blob), (sign) => sign.charCodeAt(0));
  return { ...photo, blob: new Blob([bytes], { type: "image/jpeg" }) };
}
