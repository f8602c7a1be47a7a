// One try of one record or photo, and what it comes to.

import { put } from "./store.js";
import { afterPhoto, afterText, take } from "./delivery.js";
import { EDGES, shrink } from "./photo.js";
import { judge } from "./replies.js";
import { PHOTO_SECONDS, request } from "./request.js";
import { greet, spoken } from "./session.js";

const CLIENT = "pug-pwa/1.0";

const signed = (session, type) => ({
  ...spoken(),
  "Content-Type": type,
  "X-Client": CLIENT,
  "X-CSRFToken": session.csrf,
});

/** One request; when the token was renewed elsewhere, one more with the new one. */
async function once(kind, row, session, way) {
  const ask = async (who) => {
    const headers = { ...signed(who, way.type), ...way.headers };
    return judge(kind, await request(way.path, { ...way, headers }), row);
  };
  const action = await ask(session);
  if (action.do !== "csrf") return action;
  const fresh = await greet();
  if (!fresh) return { do: "retry", reason: "network", wait: 0 };
  return { ...(await ask(fresh)), fresh };
}

const ways = {
  create: ({ body }) => ({ method: "POST", path: "submissions/", body }),
  correct: ({ uid, version, body }) => ({
    method: "PATCH",
    path: `activities/${uid}/`,
    headers: { "If-Match": `"v${version}"` },
    body,
  }),
};

/** Sends the bytes of `waits` as they are. The action taken; null when it was taken back. */
export async function sendText(waits, session) {
  const row = await take(waits);
  if (!row) return null;
  const way = { ...ways[row.kind](row), type: "application/json" };
  let action = await once(row.kind, row, session, way);
  if (action.do === "conflict" && !action.theirs) action = await compared(row, action);
  await afterText[action.do](row, action);
  return action;
}

// Nobody can choose between two versions of which one is unknown: without an answer it goes again.
async function compared({ uid }, action) {
  const { status, body } = await request(`activities/${uid}/`, { headers: spoken() });
  if (status === 200 && body?.uid === uid) return { ...action, theirs: body };
  const hidden = status === 404 && body; // somebody else's, and not for this person's eyes
  return hidden ? action : { do: "retry", reason: "network", wait: 0 };
}

/** Sends one picture whose record was received; smaller, when it was too large. */
export async function sendPhoto(waits, session) {
  const photo = { ...waits, tries: (waits.tries ?? 0) + 1, last_try_at: Date.now() };
  const action = await once("photo", photo, session, {
    method: "PUT",
    path: `activities/${photo.parent}/photos/${photo.uid}/`,
    type: "image/jpeg",
    headers: { "Content-Digest": `sha-256=:${photo.digest}:` },
    body: photo.blob,
    seconds: PHOTO_SECONDS,
  });
  if (action.do === "shrink") return sendSmaller(photo, session);
  await afterPhoto[action.do](photo, action);
  return action;
}

async function sendSmaller(photo, session) {
  const edge = EDGES.find((one) => one < (photo.edge ?? EDGES[0]));
  const smaller = edge && (await shrink(photo.blob, edge).catch(() => null));
  if (smaller) {
    const next = { ...photo, ...smaller };
    await put("photos", next);
    return sendPhoto(next, session);
  }
  const action = { do: "refuse", reason: "body_too_large", detail: "" };
  await afterPhoto.refuse(photo, action);
  return action;
}
