// The rules of a record as the portal applies them, so that the phone can say at once what is
// missing. Both say the same words: those of a field come with the form, the rest from words.py.

import { read, sayings } from "./answers.js";
import { after, today } from "./format.js";
import { word } from "./words.js";

const PAIRS = ["participants", "deciders", "beneficiaries"];
const LONG_AGO = 365; // days
const MOST_PEOPLE = 1_000_000;
const MOST_RUPIAH = 10 ** 13;
const APBDES = new Set(["dana_desa", "add", "pbh", "pbk", "pbp", "pad"]);
const REQUIRED = ["held_on", "program", "title", "kind", "event_status", "count_source", "stage"];

/**
 * What is wrong with these answers: [{field, detail}], none when they can be sent.
 * `ground`: {program (row of the reference or undefined), village, kept (answers of a record that
 * came back), now (ISO day)}.
 */
export function judge(values, ground) {
  const problems = [];
  const wrong = (field, detail) => problems.push({ field, detail });
  const known = readable(values, wrong);
  aboutDay(known, values, ground, wrong);
  aboutProgram(known, ground, wrong);
  aboutHeads(known, problems, wrong);
  if (APBDES.has(known.fund_source) && ground.village?.has_apbdes === false) {
    wrong("fund_source", word("screens.judge_no_apbdes"));
  }
  if ((known.latitude === null) !== (known.longitude === null)) {
    wrong("latitude", word("screens.judge_half_a_point"));
  }
  if (!problems.length && ground.kept && same(values, ground.kept)) {
    wrong("", word("screens.judge_unchanged"));
  }
  return inOrder(problems);
}

function readable(values, wrong) {
  const known = {};
  for (const [name, says] of Object.entries(sayings())) {
    try {
      known[name] = read(name, values[name]);
    } catch (trouble) {
      wrong(name, says[trouble.code] ?? says.invalid);
      continue;
    }
    if (known[name] === null && REQUIRED.includes(name)) wrong(name, says.required);
    const most = { count: MOST_PEOPLE, rupiah: MOST_RUPIAH }[says.kind];
    if (most && known[name] > most) wrong(name, says.too_large);
  }
  return known;
}

function aboutDay({ held_on: day }, values, { kept, now = today() }, wrong) {
  if (!day) return;
  if (day > now) wrong("held_on", word("screens.judge_future"));
  else if (day < "2000-01-01") wrong("held_on", word("screens.judge_too_old"));
  const asked = day <= after(now, -LONG_AGO) && values.held_on !== kept?.held_on;
  if (asked && !values.date_confirmed) wrong("date_confirmed", word("screens.judge_long_ago"));
}

function aboutProgram({ held_on: day, program: uid }, { program, kept }, wrong) {
  if (!uid || !program) return;
  if (program.state !== "active" && uid !== kept?.program) {
    wrong("program", word("screens.judge_not_running"));
  }
  const year = Number(day?.slice(0, 4));
  if (year && day <= today() && (year < program.year_from || year > program.year_to)) {
    const years = { first: String(program.year_from), last: String(program.year_to) };
    wrong("held_on", word("screens.judge_outside_years", years));
  }
}

function aboutHeads(known, problems, wrong) {
  const bad = new Set(problems.map((one) => one.field));
  const before = problems.length;
  for (const pair of PAIRS) {
    const [women, men] = [`women_${pair}`, `men_${pair}`];
    if (bad.has(women) || bad.has(men)) continue;
    if ((known[women] === null) === (known[men] === null)) continue;
    wrong(known[women] === null ? women : men, word("screens.judge_half_a_pair"));
  }
  const total = known.total_participants;
  if (problems.length > before || total === null || total === undefined) return;
  const parts = ["women_participants", "men_participants", "unrecorded_participants"];
  const sum = parts.reduce((all, name) => all + (known[name] ?? 0), 0);
  const both = known.women_participants !== null && known.men_participants !== null;
  if (both ? sum !== total : sum > total) {
    wrong("total_participants", word("screens.judge_total", { parts: sum, total }));
  }
}

function same(values, kept) {
  return Object.keys(sayings()).every(
    (name) => name === "date_confirmed" || plain(name, values) === plain(name, kept),
  );
}

function plain(name, values) {
  try {
    return read(name, values[name]) ?? "";
  } catch {
    return values[name];
  }
}

function inOrder(problems) {
  const order = Object.keys(sayings());
  return problems.sort((a, b) => order.indexOf(a.field) - order.indexOf(b.field));
}
