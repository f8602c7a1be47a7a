// A new version waits until no form is open, in this window or another; then it is used.

import { word } from "./words.js";

const LOOK_EVERY = 60 * 60 * 1000; // milliseconds
const RELOAD_EVERY = 10 * 60 * 1000; // two servers of unlike versions must not make us spin
const ASK_EVERY = 5000;
let registration = null;
let timer;

// The address of a form becomes that of its receipt once the record is finished.
const formIsOpen = () =>
  location.pathname === "/desa/catat/" || location.pathname.endsWith("/perbaiki/");

/** Follows `found`, the worker's registration: what waits is applied, now or when it may. */
export function follow(found) {
  if (!found) return;
  registration = found;
  const controlled = Boolean(navigator.serviceWorker.controller);
  if (controlled) navigator.serviceWorker.addEventListener("controllerchange", renew);
  found.addEventListener("updatefound", () => {
    found.installing?.addEventListener("statechange", offer);
  });
  offer();
  lookAgain();
}

/** Asks the portal for a newer version (a record was refused because this one is too old). */
export const look = () => registration?.update().catch(() => {});

/** The first letters of the version in use, or "" where nothing is kept. */
export async function version() {
  if (!("caches" in window)) return "";
  const names = (await caches.keys()).filter((name) => name.startsWith("pug-shell-"));
  return names.length ? names[0].slice("pug-shell-".length).slice(0, 8) : "";
}

// Asked again while it waits: a form may be finished, a window closed.
async function offer() {
  clearTimeout(timer);
  if (!registration.waiting || !registration.active) return;
  if (formIsOpen() || (await apply(registration.waiting)) === "later") announce();
  timer = setTimeout(offer, ASK_EVERY);
}

function apply(worker) {
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => done(event.data);
    worker.postMessage({ type: "apply" }, [port2]);
  });
}

function announce() {
  if (document.querySelector("[data-update]")) return;
  const note = document.createElement("p");
  note.className = "notice";
  note.dataset.update = "";
  note.setAttribute("role", "status");
  document.querySelector("main").prepend(note);
  note.textContent = word("queue.says_update");
}

// A page nobody has touched yet starts again with the new version; any other keeps its place, and
// the next page is the new one.
function renew() {
  document.querySelector("[data-update]")?.remove();
  const last = Number(sessionStorage.getItem("renewed-at"));
  const touched = navigator.userActivation?.hasBeenActive ?? true;
  if (touched || formIsOpen() || Date.now() - last < RELOAD_EVERY) return;
  sessionStorage.setItem("renewed-at", String(Date.now()));
  location.reload();
}

function lookAgain() {
  let looked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || Date.now() - looked < LOOK_EVERY) return;
    looked = Date.now();
    look();
  });
}
