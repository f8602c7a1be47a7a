// What this phone keeps, in IndexedDB "pug". It is the only copy of a record until its receipt
// came, so every write asks for `strict` durability: on the disk, not in a buffer, when it is done.

const VERSION = 1;
// Two persons may correct the same record on one phone: a row is its person's, and of that uid.
const OWN = ["account", "uid"];
const KEYS = {
  drafts: OWN,
  queue: OWN,
  photos: "uid",
  receipts: OWN,
  reference: "account",
  meta: "key",
};

const listeners = new Set();
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("pug");
const tell = (stores) => listeners.forEach((listener) => listener(stores));
channel?.addEventListener("message", (event) => tell(event.data));

let opened;

/** The answer of one IndexedDB request, for use inside `write`. */
export function ask(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// Steps from version to version only add: a queue written by an older version stays readable.
function upgrade(base) {
  for (const [name, keyPath] of Object.entries(KEYS)) {
    if (base.objectStoreNames.contains(name)) continue;
    const store = base.createObjectStore(name, { keyPath });
    if (name === "photos") store.createIndex("record", ["account", "parent"]);
  }
}

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("pug", VERSION);
    request.onupgradeneeded = () => upgrade(request.result);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const base = request.result;
      const forget = () => (opened = undefined);
      // A newer version in another tab must not wait for this one.
      base.onversionchange = () => {
        base.close();
        forget();
      };
      base.onclose = forget;
      resolve(base);
    };
  }).catch((trouble) => {
    opened = undefined;
    throw trouble;
  });
  return opened;
}

function settled(tx) {
  return new Promise((resolve, reject) => {
    tx.oncomplete = resolve;
    tx.onerror = tx.onabort = () => reject(tx.error ?? new DOMException("stopped", "AbortError"));
  });
}

/** Can records be kept here? Not in some private windows, nor in a page without https. */
export async function available() {
  try {
    await open();
    return Boolean(navigator.locks && crypto.subtle && crypto.randomUUID);
  } catch {
    return false;
  }
}

/** One transaction, all or nothing. `fn(tx)` may await requests of `tx` and nothing else. */
async function attempt(stores, fn) {
  const tx = (await open()).transaction(stores, "readwrite", { durability: "strict" });
  const done = settled(tx);
  done.catch(() => {}); // whoever awaits it below hears of it
  try {
    const result = await fn(tx);
    await done;
    return result;
  } catch (trouble) {
    try {
      tx.abort();
    } catch {
      // it had ended by itself
    }
    throw tx.error ?? trouble;
  }
}

// Only what is taken out whole gives room back; places and programs return at once.
async function makeRoom() {
  const rows = await all("reference");
  if (!rows.some(({ data }) => data?.recent?.length)) return;
  const short = rows.map((row) => ({ ...row, etag: "", data: { ...row.data, recent: [] } }));
  await attempt(["reference"], (tx) => ask(tx.objectStore("reference").clear()));
  await attempt(["reference"], (tx) =>
    Promise.all(short.map((row) => ask(tx.objectStore("reference").put(row)))),
  );
}

/**
 * One strict transaction over `stores`; what `fn(tx)` returned, once it is on the disk. On a full
 * phone the list of late records goes first, for it can be fetched again (places and programs are
 * needed to record at all); then QuotaExceededError.
 */
export async function write(stores, fn) {
  let result;
  try {
    result = await attempt(stores, fn);
  } catch (trouble) {
    if (trouble?.name !== "QuotaExceededError" || stores.includes("reference")) throw trouble;
    await makeRoom();
    result = await attempt(stores, fn);
  }
  tell(stores);
  channel?.postMessage(stores);
  return result;
}

async function read(store, request) {
  return ask(request((await open()).transaction(store).objectStore(store)));
}

/** The key of a draft, of a row of the queue or of a receipt. */
export const keyOf = ({ account: owner, uid }) => [owner, uid];

/** One row by its key; of drafts, queue and receipts this account's own, by its uid. */
export async function get(store, key) {
  const whole = KEYS[store] === OWN ? [await account(), key] : key;
  return read(store, (rows) => rows.get(whole));
}

export const all = (store) => read(store, (rows) => rows.getAll());
export const put = (store, row) => write([store], (tx) => ask(tx.objectStore(store).put(row)));
export const del = (store, key) => write([store], (tx) => ask(tx.objectStore(store).delete(key)));

/** `fn(stores)` after every change, also one made in another tab. Returns how to stop it. */
export function onChange(fn) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

let whose;

/**
 * Whose page this is: the person it was made for, else who signed in last on this phone, else "".
 * It stays hers as long as it is open, whoever signs in beside it.
 */
export async function account() {
  const named = typeof document === "undefined" ? "" : document.documentElement.dataset.account;
  whose ||= named || (await read("meta", (rows) => rows.get("account")))?.name;
  return whose || "";
}

export function setAccount(name) {
  whose = name;
  return put("meta", { key: "account", name });
}
