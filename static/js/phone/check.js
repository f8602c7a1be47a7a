// Every answer once more before "Kirim", and what deserves a second look.

import { read, sayings } from "./answers.js";
import { flags } from "./flags.js";
import { count, dayLong, percent, rupiah } from "./format.js";
import { similar } from "./similar.js";
import { word } from "./words.js";

const PAIRS = ["participants", "deciders", "beneficiaries"];
/** Worth a line even when nothing was told. */
const ALWAYS = new Set([...PAIRS.map((pair) => `women_${pair}`), "budget_spent"]);
/** What is said only when it differs from the usual. */
const USUAL = { event_status: "held", stage: "execution" };

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function textOf(form, name, text) {
  if (!text?.trim()) return word("screens.not_filled");
  const control = form.querySelector(`[name="${CSS.escape(name)}"]`);
  if (control.tagName === "SELECT") return control.selectedOptions[0]?.text ?? "";
  if (control.type === "radio") {
    const chosen = form.querySelector(`[name="${CSS.escape(name)}"]:checked`);
    return chosen?.closest("label")?.textContent.trim() ?? text;
  }
  const show = { day: dayLong, count, rupiah }[sayings()[name].kind];
  return show ? show(read(name, text)) : text.trim();
}

// Women and men in one line, with the women's share.
function pairText(item, pair) {
  const [women, men] = [item[`women_${pair}`], item[`men_${pair}`]];
  if (women === null || men === null) return word("screens.not_filled");
  const said = word("screens.people_women_men", { women: count(women), men: count(men) });
  return women + men ? `${said} (${percent(women, women + men)})` : said;
}

function facts(part, form, values, item) {
  const names = new Set([...part.querySelectorAll("[name]")].map((one) => one.name));
  const lines = [];
  for (const name of Object.keys(sayings())) {
    if (!names.has(name) || name === "date_confirmed") continue;
    const pair = PAIRS.find((one) => name.endsWith(`_${one}`) && /^(wo)?men_/.test(name));
    if (pair && name.startsWith("men_")) continue;
    const told = values[name]?.trim();
    if (!pair && !told && !ALWAYS.has(name)) continue;
    if (told && told === USUAL[name]) continue;
    const legend = part.querySelector(`[name="${name}"]`).closest(".inline-pair")?.querySelector("legend");
    const label = pair && legend ? legend.textContent : sayings()[name].label;
    const text = pair ? pairText(item, pair) : textOf(form, name, told);
    lines.push(element("div", "", element("dt", "", label), element("dd", "", text)));
  }
  return lines;
}

function section(step, title, lines, change) {
  const button = element("button", "button quiet", word("screens.change"));
  button.type = "button";
  button.setAttribute("aria-label", word("screens.change_what", { what: title }));
  button.addEventListener("click", () => change(step));
  const head = element("div", "answers-head", element("h3", "", title), button);
  return element("section", "answers", head, element("dl", "facts", ...lines));
}

/** Draws the check. `change(step)` leads back to a step; `photos` are the draft's own. */
export async function drawCheck({ form, steps, values, item, photos, change }) {
  const answers = steps.parts.slice(0, -1).map((part, at) => {
    const lines = facts(part, form, values, item);
    if (at === 4) lines.push(photoLine(photos));
    return section(at + 1, steps.names[at], lines, change);
  });
  form.querySelector("[data-answers]").replaceChildren(...answers);
  const box = form.querySelector("[data-warnings]");
  const alike = await similar(item).catch(() => []);
  box.replaceChildren(...[alikeNote(alike), flagNote(flags(item))].filter(Boolean));
}

function photoLine(photos) {
  const shown = photos.map((photo, at) => {
    const image = new Image(72, 72);
    image.src = URL.createObjectURL(photo.blob);
    image.onload = () => URL.revokeObjectURL(image.src);
    image.alt = word("screens.photo_alt", { n: at + 1 });
    return image;
  });
  const list = shown.length ? element("dd", "thumbs", ...shown) : element("dd", "", word("screens.photos_none"));
  return element("div", "", element("dt", "", word("screens.photos")), list);
}

function note(head, lines) {
  const list = element("ul", "", ...lines.map((one) => element("li", "", one)));
  return element("div", "notice warning", element("p", "", element("strong", "", head)), list);
}

function flagNote(sentences) {
  return sentences.length ? note(word("screens.look_again"), sentences) : null;
}

function alikeNote(rows) {
  const say = (row) => word("screens.alike", { day: dayLong(row.held_on), title: row.title });
  return rows.length ? note(word("screens.alike_head"), rows.slice(0, 3).map(say)) : null;
}
