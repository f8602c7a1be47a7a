// The draft keeps itself: half a second after the last key, and at once when the page is left.

import { put } from "./store.js";

const PAUSE = 500; // milliseconds

export class Autosave {
  /** `collect()` gives the draft as it is now; `told(trouble)` is called after each try to keep it. */
  constructor(form, collect, told) {
    Object.assign(this, { form, collect, told, last: Promise.resolve() });
  }

  /** From here on what changes in the form is kept. */
  listen() {
    const typed = () => this.later();
    this.form.addEventListener("input", typed);
    this.form.addEventListener("change", typed);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.flush();
    });
    window.addEventListener("pagehide", () => this.flush());
  }

  later() {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), PAUSE);
    this.dirty = true;
  }

  /** What was typed since the last time is kept now. */
  flush() {
    if (this.dirty) this.now();
    return this.last;
  }

  now() {
    if (this.stopped) return this.last;
    clearTimeout(this.timer);
    this.dirty = false;
    const row = this.collect(); // as it stands now, whatever is typed while it is written
    this.last = put("drafts", row).then(
      () => this.told(null),
      (trouble) => this.told(trouble),
    );
    return this.last;
  }

  /** The draft has become something else; nothing more is written. */
  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    return this.last;
  }

  again() {
    this.stopped = false;
  }
}
