// One record being written: its screens, its draft that keeps itself, its check and its "Kirim".
// Nothing typed is lost; what the network does is not this page's concern.

import { item } from "./answers.js";
import { Autosave } from "./autosave.js";
import { drawCheck } from "./check.js";
import { Draft } from "./draft.js";
import { judge } from "./judge.js";
import { enqueue } from "./outbox.js";
import { Pictures } from "./pictures.js";
import * as problems from "./problems.js";
import { CHECK, Steps } from "./steps.js";
import { word } from "./words.js";

export class Recording {
  /** `done(uid)` is called once the record is in the phone's keeping. */
  constructor(form, { draft, village, kept }, { data, owner, done }) {
    Object.assign(this, { form, village, kept, data, done });
    this.steps = new Steps(form, { shown: (step) => this.shown(step) });
    this.draft = new Draft(form, draft, { account: owner, village: village.code });
    const row = () => this.draft.row(Math.min(this.steps.now, CHECK - 1));
    this.saving = new Autosave(form, row, (trouble) => this.draft.told(trouble));
    this.photos = new Pictures(form, draft.uid, () => this.photographed());
  }

  async begin() {
    this.draft.open();
    this.listen();
    await this.photos.load();
    const wrong = this.draft.refused();
    const at = wrong.length ? this.steps.of(wrong[0].field) : (this.draft.given.step ?? 1);
    this.steps.start(Math.min(at, CHECK - 1));
    if (wrong.length) problems.show(this.form, wrong);
    document.body.dataset.ready = "record";
  }

  listen() {
    this.saving.listen();
    const press = (name, act) => this.form.querySelector(`[data-${name}]`).addEventListener("click", act);
    press("next", () => this.next());
    press("back", () => this.steps.back());
    press("no-budget", () => this.withoutBudget());
    press("skip-photos", () => this.steps.next());
    press("keep", () => this.leave(this.saving.now(), "/desa/kegiatan/?tab=draf"));
    press("drop-now", () => this.leave(this.saving.stop().then(() => this.draft.forget()), "/desa/"));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.steps.now === CHECK) this.send();
      else this.next();
    });
    this.form.addEventListener("change", () => this.askAboutDate());
    // A value put in by a button is as good as one typed.
    this.form.querySelector("[data-days]").addEventListener("click", () => this.saving.later());
  }

  photographed() {
    this.saving.now();
    this.offer(this.steps.now);
  }

  shown(step) {
    this.offer(step);
    problems.clear(this.form);
    if (step === CHECK) this.check();
    if (this.draft.isKept) this.saving.later();
  }

  /** The ways on from this screen: one that is meant, one beside it. */
  offer(step) {
    const foot = (name, show) => (this.form.querySelector(`[data-${name}]`).hidden = !show);
    foot("no-budget", step === 4);
    foot("skip-photos", step === 5 && !this.photos.rows.length);
    foot("next", step !== 5 || this.photos.rows.length > 0);
  }

  judged() {
    const values = this.draft.values();
    const program = this.data?.programs.find((one) => one.uid === values.program);
    return judge(values, { program, village: this.village, kept: this.kept });
  }

  /** On, when this screen's answers can be read. */
  next() {
    const here = this.judged().filter(({ field }) => field && this.steps.of(field) === this.steps.now);
    if (here.length) return problems.show(this.form, here);
    this.saving.now();
    return this.steps.next();
  }

  withoutBudget() {
    this.form.elements.budget_spent.value = "0";
    this.form.elements.fund_source.value = "";
    this.next();
  }

  askAboutDate() {
    const asked = this.judged().some((one) => one.field === "date_confirmed");
    const box = this.form.querySelector("[data-date-question]");
    if (box && asked) box.hidden = false;
  }

  check() {
    const values = this.draft.values();
    const sent = item(values, { uid: this.draft.given.uid, village: this.village.code });
    const change = (step) => this.steps.go(step, { change: true });
    drawCheck({ form: this.form, steps: this.steps, values, item: sent, photos: this.photos.rows, change });
  }

  async leave(settled, address) {
    await settled;
    location.assign(address);
  }

  async send() {
    if (this.sent) return;
    const wrong = this.judged();
    if (wrong.length) {
      const step = this.steps.of(wrong[0].field);
      if (step !== this.steps.now) this.steps.go(step, { change: true });
      problems.show(this.form, wrong);
      return;
    }
    this.sent = this.draft.sent = true;
    await this.photos.working; // a large photo is still being made small: it goes along
    await this.saving.stop();
    const values = this.draft.values();
    const { uid, version } = this.draft.given;
    const village = this.village.code;
    const kind = version ? "correct" : "create";
    try {
      const sent = item(values, { uid, village });
      await enqueue({ uid, village, kind, version: version ?? null, values, item: sent });
    } catch {
      this.sent = this.draft.sent = false;
      this.saving.again();
      problems.show(this.form, [{ field: "", detail: word("screens.not_saved") }]);
      return;
    }
    this.steps.stop();
    await this.done(uid);
  }
}
