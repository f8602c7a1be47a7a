// "Similar to the record of 4 March": what may be the same event told twice. The rule is that of
// `Activity.objects.near` on the server: same village, and either the same program at most a day
// apart or the same title on the same day. A hint before sending, never a block.

import { waiting } from "./outbox.js";
import { reference } from "./reference.js";

const DAY = 24 * 60 * 60 * 1000;
const plain = (text) => (text ?? "").trim().toLowerCase();

/** Those of `rows` that may tell of the same event as `one` (API names, held_on as 2026-03-04). */
export function near(one, rows) {
  return rows.filter(
    (row) =>
      row.uid !== one.uid &&
      row.state !== "voided" &&
      row.village === one.village &&
      (sameProgram(row, one) || sameTitle(row, one)),
  );
}

function sameProgram(row, one) {
  const apart = Math.abs(Date.parse(row.held_on) - Date.parse(one.held_on));
  return Boolean(one.program) && row.program === one.program && apart <= DAY;
}

function sameTitle(row, one) {
  return plain(one.title) !== "" && plain(row.title) === plain(one.title) && row.held_on === one.held_on;
}

/** What waits on this phone and what was received of late; the nearest day first. */
export async function similar(one) {
  const data = await reference();
  const found = near(one, [...(await unsent()), ...(data?.recent ?? [])]);
  const once = [...new Map(found.map((row) => [row.uid, row])).values()];
  const apart = (row) => Math.abs(Date.parse(row.held_on) - Date.parse(one.held_on));
  return once.sort((a, b) => apart(a) - apart(b));
}

const unsent = () => waiting().catch(() => []); // no IndexedDB here: nothing waits
