// Two versions of one record side by side: only what differs, and three ways on.

import { itemOf } from "./row.js";
import { count, dayLong, rupiah } from "./format.js";
import { resolve } from "./outbox.js";
import { reference } from "./reference.js";
import { word } from "./words.js";

const HIDDEN = new Set(["uid", "client_digest", "device_time", "village", "joint_event"]);
const same = (a, b) => String(a ?? "") === String(b ?? "");
/** Left empty, it is kept as none. */
const NONE = { women_proposals_accepted: 0 };

function text(name, value, data) {
  if (value === null || value === undefined || value === "") return word("screens.not_filled");
  if (name === "held_on") return dayLong(value);
  if (name === "budget_spent") return rupiah(value);
  if (name === "program") return data?.programs.find((one) => one.uid === value)?.title ?? value;
  const chosen = said().choices[name]?.[value];
  if (chosen) return chosen;
  return typeof value === "number" ? count(value) : String(value);
}

let read;

/** The names of facts and of what can be chosen, as the page brings them. */
function said() {
  read ??= JSON.parse(document.getElementById("labels").textContent);
  return read;
}

function table(mine, theirs, data) {
  const names = Object.keys({ ...theirs, ...mine }).filter(
    (name) => !HIDDEN.has(name) && !same(mine[name] ?? NONE[name], theirs[name] ?? NONE[name]),
  );
  const made = document.createElement("dl");
  made.className = "versions";
  for (const name of names) {
    const row = document.createElement("div");
    const label = Object.assign(document.createElement("dt"), { textContent: said().labels[name] ?? name });
    row.append(label, side("conflict_mine", text(name, mine[name], data)));
    row.append(side("conflict_theirs", text(name, theirs[name], data)));
    made.append(row);
  }
  return made;
}

function side(head, value) {
  const made = document.createElement("dd");
  const name = Object.assign(document.createElement("span"), { className: "small muted" });
  name.textContent = word(`screens.${head}`);
  made.append(name, document.createElement("br"), value);
  return made;
}

/** Shows the two versions of `row` in `box`; a choice settles it. */
export async function drawConflict(box, row) {
  const data = await reference().catch(() => null);
  const theirs = row.theirs?.values;
  const h2 = Object.assign(document.createElement("h2"), { tabIndex: -1 });
  h2.textContent = word("screens.conflict_head", { title: row.title });
  const why = Object.assign(document.createElement("p"), { textContent: word("screens.conflict_why") });
  const actions = Object.assign(document.createElement("div"), { className: "actions" });
  const choices = [["take_mine", "mine", ""], ["take_theirs", "theirs", "secondary"]];
  if (row.kind === "create") choices.push(["take_new", "new", "secondary"]);
  const final = row.reason === "not_correctable"; // verified meanwhile: nothing goes over it
  const may = { mine: theirs && !final, theirs, new: true };
  for (const [key, choice, kind] of choices.filter((one) => may[one[1]])) {
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.className = `button ${kind}`;
    button.textContent = word(`screens.${key}`);
    button.addEventListener("click", async () => {
      await resolve(row.uid, choice);
      box.hidden = true;
      document.querySelector("h1").focus();
    });
    actions.append(button);
  }
  box.replaceChildren(h2, why, ...(theirs ? [table(itemOf(row), theirs, data)] : []), actions);
  box.hidden = false;
  h2.focus();
}
