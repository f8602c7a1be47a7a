// One screen of the form at a time. The browser's own back button goes back a step: each step is an
// entry of its history. The last one is the check.

import { word } from "./words.js";

export const CHECK = 6;
const site = document.title;

export class Steps {
  /** `shown(step)` is called after each change; `changed(step)` when the person moved. */
  constructor(form, { shown }) {
    this.form = form;
    this.shown = shown;
    this.parts = [...form.querySelectorAll("[data-step]"), form.querySelector("[data-check]")];
    this.names = this.parts.map((part) => heading(part));
    window.addEventListener("popstate", (event) => {
      if (!this.stopped) this.show(event.state?.step ?? 1);
    });
  }

  /** Begins at `step`, with the steps before it behind the back button. */
  start(step) {
    this.form.classList.add("stepping");
    this.form.querySelector("[data-plain]").hidden = true;
    this.form.querySelector("[data-step-head]").hidden = false;
    history.replaceState({ step: 1 }, "");
    for (let one = 2; one <= step; one += 1) history.pushState({ step: one }, "");
    this.show(step, { quiet: step === 1 });
  }

  /** Where the person is sent from here; back to the check when she came from it. */
  next() {
    this.go(history.state?.change ? CHECK : this.now + 1);
  }

  go(step, state = {}) {
    history.pushState({ step, ...state }, "");
    this.show(step);
  }

  back() {
    history.back();
  }

  show(step, { quiet = false } = {}) {
    this.now = Math.min(Math.max(step, 1), CHECK);
    this.parts.forEach((part, at) => (part.hidden = at + 1 !== this.now));
    const [n, all] = [this.now, CHECK - 1];
    const where = n === CHECK ? this.names[n - 1] : word("screens.step_of", { n, all });
    const title = word("screens.step_title", { n, all, name: this.names[n - 1] });
    document.title = `${n === CHECK ? where : title} – ${site}`;
    this.form.querySelector("[data-step-of]").textContent = n === CHECK ? "" : where;
    this.form.querySelector("[data-back]").hidden = n === 1;
    this.form.querySelector("[data-step-foot]").hidden = n === CHECK;
    this.shown(this.now);
    if (quiet) return;
    window.scrollTo(0, 0);
    this.parts[n - 1].querySelector("h2").focus({ preventScroll: true });
  }

  /** The step on which a field is asked. */
  of(field) {
    const part = this.form.elements[field]?.closest?.("[data-step]");
    const first = this.form.querySelector(`[name="${CSS.escape(field)}"]`)?.closest("[data-step]");
    return Number((part ?? first)?.dataset.step ?? CHECK);
  }

  stop() {
    this.stopped = true;
  }
}

function heading(part) {
  const text = part.querySelector("h2").cloneNode(true);
  text.querySelector(".step-number")?.remove();
  return text.textContent.trim();
}
