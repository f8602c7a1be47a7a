// The photos of a draft: made small, kept with it at once, shown with their size.

import { count } from "./format.js";
import { room, shrink } from "./photo.js";
import { account, all, del, put } from "./store.js";
import { word } from "./words.js";

const MOST = 3;

export class Pictures {
  /** `changed()` is called once a photo came or went; `working`: until all chosen are kept. */
  constructor(form, uid, changed) {
    Object.assign(this, { uid, changed, rows: [] });
    this.list = form.querySelector("[data-photo-list]");
    this.adding = form.querySelector("[data-photo-add]");
    this.problem = form.querySelector("[data-photo-problem]");
    form.querySelector("[data-photos-later]").hidden = true;
    form.querySelector("[data-photos]").hidden = false;
    for (const input of form.querySelectorAll("[data-photo-input]")) {
      input.addEventListener("change", () => {
        this.working = Promise.all([this.working, this.take(input)]);
      });
    }
  }

  async load() {
    const owner = await account();
    const isHere = ({ parent, state }) => parent === this.uid && state === "draft";
    const mine = (photo) => photo.account === owner && isHere(photo);
    this.rows = (await all("photos")).filter(mine);
    this.draw();
  }

  async take(input) {
    const files = [...input.files];
    input.value = "";
    this.say(files.length ? word("screens.photo_working") : "", false);
    for (const file of files) {
      if (this.rows.length >= MOST) return this.say(word("screens.photo_most"));
      const trouble = await this.keep(file);
      if (trouble) return this.say(trouble);
    }
    this.say("");
  }

  /** One photo into the phone's keeping; a sentence when it could not be. */
  async keep(file) {
    if ((await room()).full) return word("queue.bar_full");
    try {
      const { blob, digest, size, width, height } = await shrink(file);
      const uid = crypto.randomUUID();
      const known = { uid, parent: this.uid, account: await account(), state: "draft", reason: "" };
      const row = { ...known, blob, digest, size, width, height };
      await put("photos", row);
      this.rows.push(row);
    } catch (trouble) {
      const full = trouble?.name === "QuotaExceededError";
      return word(full ? "queue.bar_full" : "queue.photo_unreadable");
    }
    this.draw();
    this.changed();
    return "";
  }

  async remove(row) {
    await del("photos", row.uid);
    this.rows = this.rows.filter((one) => one !== row);
    this.draw();
    this.changed();
    this.say("");
  }

  say(text, wrong = true) {
    this.problem.textContent = text;
    this.problem.hidden = !text;
    this.problem.classList.toggle("working", !wrong);
  }

  draw() {
    this.list.replaceChildren(...this.rows.map((row, at) => this.item(row, at + 1)));
    this.adding.hidden = this.rows.length >= MOST;
    this.adding.querySelector(".button").classList.toggle("secondary", this.rows.length > 0);
  }

  item(row, n) {
    const image = new Image();
    image.src = URL.createObjectURL(row.blob);
    image.onload = () => URL.revokeObjectURL(image.src);
    image.alt = word("screens.photo_alt", { n });
    const size = count(Math.max(1, Math.round(row.size / 1000)));
    const about = document.createElement("span");
    about.textContent = word("screens.photo_about", { n, size });
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.className = "button quiet";
    button.textContent = word("screens.photo_remove", { n });
    button.addEventListener("click", () => this.remove(row));
    const made = document.createElement("li");
    made.append(image, about, button);
    return made;
  }
}
