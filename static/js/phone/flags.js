// What in a record deserves a second look (programs/flags.py): said, never a block.

import { word } from "./words.js";

const LINE = 30; // percent of women
const CROWD = 2_000;
const PAIRS = ["participants", "deciders", "beneficiaries"];
const told = (value) => value !== null && value !== undefined;
const above = (part, whole) => told(part) && told(whole) && part > whole;

/** The sentences that fit an item of the API, most weighty first. */
export function flags(item) {
  if (item.event_status !== "held") return [];
  return FLAGS.filter(([, fits]) => fits(item)).map(([key]) => word(`screens.${key}`));
}

function sum(...parts) {
  const known = parts.filter(told);
  return known.length ? known.reduce((all, one) => all + one, 0) : null;
}

const both = (one) => told(one.women_participants) && told(one.men_participants);
const deciders = (one) => sum(one.women_deciders, one.men_deciders);
const present = (one) =>
  told(one.total_participants)
    ? one.total_participants
    : both(one)
      ? one.women_participants + one.men_participants
      : null;

/** Fewer women among those present than the line. */
export function fewWomen(one) {
  const everyone = both(one) ? one.women_participants + one.men_participants : 0;
  return everyone > 0 && 100 * one.women_participants < LINE * everyone;
}

const FLAGS = [
  [
    "flag_crowd",
    (one) =>
      [one.women_participants, one.men_participants, present(one), deciders(one)].some((part) =>
        above(part, CROWD),
      ),
  ],
  [
    "flag_nothing_counted",
    (one) => PAIRS.every((pair) => !told(one[`women_${pair}`]) || !told(one[`men_${pair}`])),
  ],
  [
    "flag_more_deciders",
    (one) =>
      above(one.women_deciders, one.women_participants) ||
      above(one.men_deciders, one.men_participants) ||
      above(deciders(one), present(one)),
  ],
  ["flag_more_children", (one) => above(one.children, present(one))],
  ["flag_few_women", (one) => fewWomen(one) && !one.low_women_reason],
  ["flag_no_source", (one) => Boolean(one.budget_spent) && !one.fund_source],
  ["flag_estimate", (one) => one.count_source === "estimate"],
];
