// "Catat": what the form is opened for, the ground it stands on, and the receipt at its end. The
// answers themselves are the concern of recording.js.

import { offerPlace } from "./geo.js";
import { listFunds, listPrograms, nameVillage, pickVillage, programsOf } from "./ground.js";
import { opened } from "./opening.js";
import { showReceipt } from "./receipt.js";
import { Recording } from "./recording.js";
import { reference } from "./reference.js";
import { account, available } from "./store.js";
import { word } from "./words.js";

const form = document.querySelector("form[data-steps]");
const part = (name) => document.querySelector(`[data-${name}]`);

function stop(text) {
  const box = part("stopped");
  box.textContent = text;
  box.hidden = false;
  if (form) form.hidden = true;
}

async function begin() {
  const data = await reference().catch(() => null);
  const found = await opened(form, data);
  if (found.receipt) return receipt(found.receipt);
  if (found.stop) return stop(found.stop);
  if (found.pick) {
    form.hidden = true;
    return pickVillage(data);
  }
  if (!ground(found, data)) return stop(word("screens.no_program_here"));
  return new Recording(form, found, { data, owner: await account(), done: receipt }).begin();
}

// The village, its programs and its funds; false when nothing can be recorded here.
function ground({ village, draft, chosen }, data) {
  nameVillage(village, data?.villages.length > 1);
  listFunds(form.elements.fund_source, village);
  if (!data) return form.elements.program.options.length > 1;
  const kept = draft.version ? draft.values.program : "";
  const programs = programsOf(data, village.code, kept);
  listPrograms(form.elements.program, programs, chosen);
  return programs.length > 0;
}

function receipt(uid) {
  if (form) form.hidden = true;
  form?.classList.remove("stepping");
  document.querySelector(".lead")?.remove();
  for (const name of ["asked", "stopped", "pick"]) part(name).hidden = true;
  history.replaceState({ sent: true }, "", `/desa/bukti/?uid=${uid}`);
  window.addEventListener("popstate", () => location.replace("/desa/"));
  window.scrollTo(0, 0);
  return showReceipt(uid).then(() => {
    const head = document.querySelector("h1");
    head.tabIndex = -1;
    head.focus({ preventScroll: true });
  });
}

// An empty page is of no use where nothing can be kept: the portal's own is asked for.
function noStore() {
  const asked = new URLSearchParams(location.search);
  if (asked.has("online")) return stop(word("queue.bar_no_store"));
  asked.set("online", "1");
  location.replace(`/desa/catat/?${asked}`);
}

/** Runs the page; where nothing can be kept the plain form stays, and a shell says so. */
export async function start() {
  if (!form) return;
  offerPlace(form);
  if (await available()) {
    await begin();
  } else if (document.documentElement.dataset.account === undefined) {
    noStore();
  }
}
