// The draft behind the form: as it came, as it stands now, and what is said of keeping it. It goes
// only when the person says so; its photos go with it.

import { fill, setDays, typed } from "./answers.js";
import { clock, today } from "./format.js";
import { photosOf } from "./row.js";
import { keyOf, write } from "./store.js";
import { word } from "./words.js";

export class Draft {
  /** `given`: {uid, version, step, values, changed_at, errors}; `mark`: {account, village}. */
  constructor(form, given, mark) {
    Object.assign(this, { form, given, mark });
    this.isKept = Boolean(given.changed_at);
  }

  /** Puts what was typed before back into the form. */
  open() {
    this.form.elements.uid.value = this.given.uid;
    this.form.elements.version.value = this.given.version ?? "";
    fill(this.form, this.given.values);
    setDays(this.form, today());
    this.form.querySelector("[data-drop]").hidden = !this.isKept;
  }

  /** What the portal said when it was sent: shown at its fields until it is put right. */
  refused() {
    const name = ({ field, pointer = "" }) => field ?? pointer.split("/").at(-1);
    return (this.given.errors ?? []).map((one) => ({ field: name(one), detail: one.detail }));
  }

  /** Everything typed; a box left unticked is not among what a form tells. */
  values() {
    const ticked = this.form.elements.date_confirmed?.checked ? "on" : "";
    return { ...this.given.values, ...typed(this.form), date_confirmed: ticked };
  }

  /** As it is kept on this phone. */
  row(step) {
    this.given.values = this.values();
    return { ...this.given, ...this.mark, step, changed_at: Date.now() };
  }

  /** Says that it was kept, or why not; once kept, this page's address leads back to it. */
  told(trouble) {
    const note = this.form.querySelector("[data-saved]");
    note.textContent = trouble
      ? word("screens.not_saved")
      : word("screens.saved_at", { time: clock(Date.now()) });
    if (trouble || this.sent || this.addressed) return;
    this.isKept = this.addressed = true;
    this.form.querySelector("[data-drop]").hidden = false;
    const name = this.given.version ? "perbaiki" : "draf";
    history.replaceState(history.state, "", `/desa/catat/?${name}=${this.given.uid}`);
  }

  /** Nothing of it is left on the phone. What was sent before stays. */
  forget() {
    const own = { account: this.mark.account, uid: this.given.uid };
    return write(["drafts", "photos"], async (tx) => {
      for (const photo of await photosOf(tx, own)) {
        if (photo.state === "draft") tx.objectStore("photos").delete(photo.uid);
      }
      tx.objectStore("drafts").delete(keyOf(own));
    });
  }
}
