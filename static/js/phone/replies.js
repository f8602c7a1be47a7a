// What an answer means. Pure: kind of request, answer and row in, one action out. When in doubt
// the record stays and goes again: only the portal's own receipt for these bytes counts.

const DAY = 86_400; // seconds; a longer wait is a wrong clock, not a wish
const BUSY = new Set([425, 429, 503]);
const APP_TOO_OLD = new Set([404, 405, 410, 426]);
const OVERTAKEN = new Set([409, 412, 428]);

const retry = (reason, wait = 0) => ({ do: "retry", reason, wait });
const login = () => ({ do: "login" });
const help = (reason, detail = "") => ({ do: "help", reason, detail });
const conflict = (reason, theirs = null) => ({ do: "conflict", reason, theirs });
const refuse = (reason, detail = "") => ({ do: "refuse", reason, detail });

/** Seconds asked for by Retry-After: a number, or a date measured by the portal's own clock. */
export function retryAfter(headers, now = Date.now()) {
  const text = headers.get("Retry-After")?.trim() ?? "";
  if (/^\d+$/.test(text)) return Math.min(Number(text), DAY);
  const sent = Date.parse(headers.get("Date") ?? "") || now;
  const seconds = Math.ceil((Date.parse(text) - sent) / 1000);
  return Math.min(Math.max(seconds || 0, 0), DAY);
}

function isProblem({ headers, body }) {
  return Boolean(body) && (headers.get("Content-Type") ?? "").startsWith("application/problem+json");
}

/** Errors that the person can put right, or none of hers: she left that village. */
function refused(errors) {
  const [first] = errors;
  if (errors.some((one) => one.code === "unknown_village")) return help("village", first.detail);
  return { do: "fix", errors, reason: first?.code ?? "", detail: first?.detail ?? "" };
}

function receipt(result, row) {
  const same = [row.digest, ...(result.outcome === "duplicate" ? row.digests : [])];
  if (!result.number || !same.includes(result.client_digest)) return null;
  const { number, received_at, version } = result;
  return { do: "received", number, received_at, version, digest: result.client_digest };
}

const outcomes = {
  accepted: (result, row) => receipt(result, row) ?? retry("not_us"),
  // The same content came in by another way: the person sees both and says so.
  duplicate: (result, row) => receipt(result, row) ?? conflict("duplicate"),
  conflict: () => conflict("conflict"),
  rejected: (result) => refused(result.errors ?? []),
};

function judged(result, row) {
  if (result?.uid !== row.uid) return retry("not_us");
  return outcomes[result.outcome]?.(result, row) ?? retry("not_us");
}

const hexOf = (base64) =>
  [...atob(base64)].map((c) => c.charCodeAt(0).toString(16).padStart(2, "0")).join("");

/** A 2xx, by what was asked. */
const fine = {
  create: (body, row) => judged(body?.results?.[0], row),
  correct: (body, row) => judged(body, row),
  photo: (body, photo) =>
    body?.uid === photo.uid && body.sha256 === hexOf(photo.digest)
      ? { do: "received" }
      : retry("not_us"),
  session: (body) =>
    body?.user?.username && body.csrf_token
      ? { do: "session", account: body.user.username, csrf: body.csrf_token, body }
      : retry("not_us"),
};

function textRefused(kind, status, body) {
  if (status === 403) return help("not_permitted", body.detail);
  if (status === 404 && kind === "correct") return help("gone", body.detail);
  if (APP_TOO_OLD.has(status)) return { do: "update", reason: body.code };
  if (OVERTAKEN.has(status)) return conflict(body.code, body.current);
  const readable = (status === 400 || status === 422) && body.errors?.length;
  return readable ? refused(body.errors) : help(body.code, body.detail);
}

function photoRefused(status, body) {
  if (body.code === "digest_mismatch" || body.code === "no_photo") return retry("torn");
  return refuse(body.code, body.detail);
}

/** The portal itself said no, and why. */
function refusal(kind, status, body) {
  if (status === 401) return login();
  if (status === 403 && body.code === "csrf_failed") return { do: "csrf" };
  if (kind === "session") return retry(status === 403 ? "not_permitted" : "broken");
  return kind === "photo" ? photoRefused(status, body) : textRefused(kind, status, body);
}

/**
 * The action for one answer. `kind`: create | correct | photo | session; `answer`: {status,
 * headers, body} with `body` the JSON or null, or {status: 0, reason} when none came.
 */
export function judge(kind, answer, row) {
  const { status, headers, body } = answer;
  if (status === 0) return retry(answer.reason);
  if (BUSY.has(status)) return retry("busy", retryAfter(headers));
  if (status >= 500 || status === 408) return retry("broken");
  if (status === 413 && kind === "photo") return { do: "shrink" };
  if (status >= 200 && status < 300) return fine[kind](body, row);
  return isProblem(answer) ? refusal(kind, status, body) : retry("not_us");
}
