// The form's answers: as typed (`values`, by the names of the form) and as sent (`item`, by the
// names of the API).

import { after, readCount, readDay, readPoint, readRupiah, typedDay, typedRupiah } from "./format.js";

const READ = {
  day: readDay,
  count: readCount,
  rupiah: readRupiah,
  point: (text) => readPoint(text, 180),
};
/** About sending, or about the form alone. */
const NOT_CONTENT = new Set(["uid", "version", "csrfmiddlewaretoken", "date_confirmed"]);

let said;

/** What the form says of each field: its kind, and a sentence for each way to go wrong. */
export function sayings() {
  said ??= JSON.parse(document.getElementById("sayings").textContent);
  return said;
}

/** Everything typed or chosen, by name; boxes left unticked are not there. */
export function typed(form) {
  const entries = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  return Object.fromEntries(entries.filter(([name]) => name !== "csrfmiddlewaretoken"));
}

/** Puts answers back into the form and tells those that listen. */
export function fill(form, values) {
  for (const control of form.elements) {
    const value = values[control.name];
    if (!control.name || value === undefined || control.type === "file") continue;
    if (control.name === "csrfmiddlewaretoken") continue;
    if (control.type === "radio" || control.type === "checkbox") {
      control.checked = control.type === "radio" ? control.value === value : Boolean(value);
    } else {
      control.value = value;
    }
  }
  for (const name of ["women_participants", "men_participants", "budget_spent"]) {
    form.elements[name].dispatchEvent(new Event("input", { bubbles: true }));
  }
  for (const folded of form.querySelectorAll("details")) folded.open ||= holds(folded, form);
}

// What is folded away stands open when it holds an answer.
function holds(folded) {
  return [...folded.querySelectorAll("input, select, textarea")].some((control) =>
    control.type === "radio"
      ? control.checked !== control.defaultChecked
      : control.tagName === "SELECT"
        ? !control.selectedOptions[0]?.defaultSelected && control.value !== ""
        : control.value.trim() !== "",
  );
}

/** One answer as it is sent; throws Unreadable. "" is nothing told. */
export function read(name, text) {
  const kind = sayings()[name]?.kind;
  const tidy = (text ?? "").trim();
  if (tidy === "") return null;
  return kind in READ ? READ[kind](tidy) : tidy;
}

/** The item for the API. What can't be read is left out: judge first. */
export function item(values, { uid, village }) {
  const sent = { uid, village, device_time: new Date().toISOString() };
  for (const name of [...Object.keys(sayings()), "joint_event"]) {
    if (NOT_CONTENT.has(name) || values[name] === undefined) continue;
    try {
      sent[name] = read(name, values[name]);
    } catch {
      sent[name] = null;
    }
  }
  return sent;
}

/** A record as the API gives it, back into answers as they are typed. */
export function fromItem(given) {
  const values = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || name === "village") continue;
    const kind = sayings()[name]?.kind;
    if (kind === "day") values[name] = typedDay(value);
    else if (kind === "rupiah") values[name] = typedRupiah(value);
    else if (kind === "point") values[name] = String(value).replace(".", ",");
    else values[name] = String(value);
  }
  if (values.women_proposals_accepted === "0") values.women_proposals_accepted = "";
  return values;
}

/** "Today" and "yesterday" on their buttons, and today in an empty date. */
export function setDays(form, now) {
  const [yesterday, sameDay] = form.querySelectorAll("button[data-fill]");
  yesterday.dataset.value = typedDay(after(now, -1));
  sameDay.dataset.value = typedDay(now);
  if (!form.elements.held_on.value) form.elements.held_on.value = typedDay(now);
}
