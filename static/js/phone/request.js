// One request to the portal. An answer that was redirected, or is not the portal's own kind, comes
// back without a body: a network's login page is nobody we talk to.

export const API = "/api/v1/";
export const TEXT_SECONDS = 60;
export const PHOTO_SECONDS = 180;

const STRICT = { redirect: "manual", credentials: "same-origin", cache: "no-store" };
const ELSEWHERE = { status: 302, headers: new Headers(), body: null };

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** {status, headers, body}: `body` is the JSON or null. {status: 0, reason} when none came. */
export async function request(path, { seconds = TEXT_SECONDS, ...options } = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 1000 * seconds);
  try {
    const reply = await fetch(API + path, { ...STRICT, signal: stop.signal, ...options });
    if (reply.type !== "basic" || reply.redirected) return ELSEWHERE;
    const { status, headers } = reply;
    const text = await reply.text();
    const isJson = /^application\/(problem\+)?json/.test(headers.get("Content-Type") ?? "");
    return { status, headers, body: isJson ? parsed(text) : null };
  } catch {
    return { status: 0, reason: stop.signal.aborted ? "timeout" : "network" };
  } finally {
    clearTimeout(timer);
  }
}
