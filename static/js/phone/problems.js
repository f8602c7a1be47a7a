// What has to be put right, on top and beside each field, in the portal's own markup.

import { word } from "./words.js";

const site = document.title;

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

const first = (form, name) => form.querySelector(`[name="${CSS.escape(name)}"]:not([type=hidden])`);

/** Nothing is wrong any more. */
export function clear(form) {
  form.querySelector("[data-problems]").replaceChildren();
  for (const note of form.querySelectorAll("[data-problem]")) note.remove();
  for (const field of form.querySelectorAll(".has-error")) field.classList.remove("has-error");
  for (const input of form.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    const kept = (input.getAttribute("aria-describedby") ?? "").split(" ");
    const rest = kept.filter((id) => !id.endsWith("_problem")).join(" ");
    if (rest) input.setAttribute("aria-describedby", rest);
    else input.removeAttribute("aria-describedby");
  }
}

/** Shows `problems` ([{field, detail}]); the reader starts at the summary. */
export function show(form, problems) {
  clear(form);
  for (const { field, detail } of problems) beside(form, field, detail);
  const lines = problems.map(({ field, detail }) => line(form, field, detail));
  const summary = element(
    "div",
    { className: "error-summary", tabIndex: -1 },
    element("h2", { textContent: word("screens.summary") }),
    element("ul", {}, ...lines),
  );
  summary.setAttribute("role", "alert");
  form.querySelector("[data-problems]").replaceChildren(summary);
  document.title = word("screens.trouble") + site;
  window.scrollTo(0, 0);
  summary.focus({ preventScroll: true });
}

function line(form, field, detail) {
  const input = field && first(form, field);
  if (!input) return element("li", { textContent: detail });
  const link = element("a", { href: `#${input.id}`, textContent: detail });
  link.addEventListener("click", (event) => {
    event.preventDefault();
    input.closest("details")?.setAttribute("open", "");
    input.focus();
  });
  return element("li", {}, link);
}

function beside(form, name, detail) {
  const input = name ? first(form, name) : null; // "" is of the whole record
  const field = input?.closest(".field");
  if (!field) return;
  for (const folded of form.querySelectorAll("details")) {
    if (folded.contains(input)) folded.open = true;
  }
  for (let part = input.parentElement; part !== form; part = part.parentElement) {
    if (part.hidden && !part.dataset.step) part.hidden = false;
  }
  const id = `id_${name}_problem`;
  const spoken = element("span", { className: "visually-hidden" }, word("screens.problem"));
  const note = element("div", { className: "error", id }, element("p", {}, spoken, ` ${detail}`));
  note.dataset.problem = "";
  field.classList.add("has-error");
  const head = field.querySelector(":scope > .hint") ?? field.querySelector(":scope > label, :scope > legend");
  head.after(note);
  input.setAttribute("aria-invalid", "true");
  const known = input.getAttribute("aria-describedby");
  input.setAttribute("aria-describedby", [known, id].filter(Boolean).join(" "));
}
