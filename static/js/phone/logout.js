// Logging out takes everything of this account off the phone, so it waits while something is not
// sent: send first, save a copy, or stay.

import { available, get } from "./store.js";
import { request } from "./request.js";
import { isCopied, marks, unsent, uidsOf, wipe } from "./unsent.js";
import { word } from "./words.js";

const OUTBOX = "/desa/kotak-kirim/";
const DRAFTS = "/desa/kegiatan/?tab=draf";
const COPY = "/desa/akun/#salinan";

/** From now on the log-out buttons of this page ask first. */
export function guard() {
  document.addEventListener("submit", (event) => {
    if (new URL(event.target.action).pathname !== "/keluar/") return;
    event.preventDefault();
    leave(event.target);
  });
}

async function leave(form) {
  if (!(await available())) return form.submit(); // nothing can be kept here
  const rows = await unsent();
  const n = uidsOf(rows).length;
  if (!n) return goodbye(form, rows);
  const copied = isCopied(rows, await get("meta", `copy:${rows.account}`));
  ask(form, rows, n, copied);
}

function ask(form, rows, n, copied) {
  const dialog = document.createElement("dialog");
  dialog.className = "stack logout-ask";
  dialog.append(paragraph(word(copied ? "people.copied" : "people.unsent", { n })));
  const choices = document.createElement("div");
  choices.className = "actions";
  const drafts = rows.drafts.length && !rows.queue.length;
  choices.append(link(drafts ? DRAFTS : OUTBOX, "people.send_first", "button"));
  if (copied) {
    choices.append(button("people.leave", "button danger", () => goodbye(form, rows, dialog)));
  } else {
    choices.append(link(COPY, "people.save_copy", "button secondary"));
  }
  choices.append(button("people.stay", "button quiet", () => dialog.close()));
  dialog.append(choices);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", ({ target }) => target.closest("a") && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
}

// The portal ends the login first: without signal nothing is taken off the phone.
async function goodbye(form, rows, dialog) {
  const session = await request("session/");
  if (session.status === 200) {
    const headers = { "X-CSRFToken": session.body.csrf_token };
    const way = { method: "POST", headers, redirect: "manual", credentials: "same-origin" };
    const reply = await fetch(form.action, way).catch(() => null);
    if (reply?.type !== "opaqueredirect") return refuse(dialog);
  } else if (session.status !== 401) {
    return refuse(dialog);
  }
  await wipe(rows.account, marks(rows));
  location.assign("/masuk/");
}

function refuse(dialog) {
  dialog?.close();
  const note = paragraph(word("people.leave_needs_signal"));
  note.className = "notice warning";
  note.setAttribute("role", "alert");
  document.querySelector("[data-leaving]")?.remove();
  note.dataset.leaving = "";
  document.querySelector("main").prepend(note);
  note.scrollIntoView({ block: "center" });
}

const paragraph = (text) => Object.assign(document.createElement("p"), { textContent: text });

const link = (href, key, className) =>
  Object.assign(document.createElement("a"), { href, className, textContent: word(key) });

function button(key, className, press) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className, textContent: word(key) });
  made.addEventListener("click", press);
  return made;
}
