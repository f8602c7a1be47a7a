// What recording needs without signal: places, programs, what was sent back. Kept for each account,
// asked for again at most every five minutes, and said to be the same by 304 when it is.

import { account, get, put } from "./store.js";

const PATH = "/api/v1/reference/";
const FRESH = 5 * 60 * 1000;
const WAIT = 20 * 1000;

let asked = 0;
let asking;

/** The data of this account, at once as kept here; null when none is kept and none can be had. */
export async function reference() {
  const kept = await keptRow();
  if (!kept) return refresh();
  const age = Date.now() - Math.max(kept.fetched_at, asked);
  if (age > FRESH || age < 0) refresh();
  return kept.data;
}

/** Asks now. The newest data there is; what came anew is told by `onChange` of the store. */
export function refresh() {
  asking ??= ask().finally(() => (asking = undefined));
  return asking;
}

async function keptRow() {
  try {
    const name = await account();
    return name ? await get("reference", name) : undefined;
  } catch {
    return undefined; // no IndexedDB here: the page works as long as there is a signal
  }
}

async function ask() {
  asked = Date.now();
  const kept = await keptRow();
  try {
    const answer = await fetch(PATH, {
      cache: "no-store",
      credentials: "same-origin",
      headers: {
        Accept: "application/json",
        "Accept-Language": document.documentElement.lang || "id",
        ...(kept ? { "If-None-Match": kept.etag } : {}),
      },
      signal: AbortSignal.timeout(WAIT),
    });
    return await taken(answer, kept);
  } catch {
    return kept?.data ?? null; // no signal: what is here is what there is
  }
}

/** Only an answer of ours for this very account is kept; a login page of an operator is not. */
async function taken(answer, kept) {
  if (answer.status === 304 && kept) {
    await put("reference", { ...kept, fetched_at: Date.now() });
    return kept.data;
  }
  const ours = answer.status === 200 && /\bjson\b/.test(answer.headers.get("Content-Type") ?? "");
  const data = ours ? await answer.json() : null;
  const name = await account().catch(() => "");
  if (!data?.account || (name && data.account !== name)) return kept?.data ?? null;
  const etag = answer.headers.get("ETag") ?? "";
  await put("reference", { account: data.account, etag, fetched_at: Date.now(), data }).catch(
    () => {}, // full, or none: the data serve this page all the same
  );
  return data;
}
