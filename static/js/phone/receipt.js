// The receipt of one record on this phone: where it stands, kept true while the page is open.

import { dayLong, today } from "./format.js";
import { drawn } from "./picture.js";
import { reference } from "./reference.js";
import { find, standing } from "./states.js";
import { account, available, onChange } from "./store.js";
import { word } from "./words.js";

const SAFE = new Set(["received", "photo_wait"]);
const root = document.querySelector("[data-receipt]");
const part = (name) => root.querySelector(`[data-${name}]`);

/** Shows the receipt of `uid` in this page and follows it. */
export async function showReceipt(uid) {
  const draw = async () => {
    const found = await find(uid, await account());
    document.querySelector("[data-receipt-none]").hidden = Boolean(found);
    if (found && found.kind !== "drafts") await fill(found);
    root.hidden = !found || found.kind === "drafts";
  };
  onChange(draw);
  part("picture").onclick = () => save(uid);
  part("share").onclick = () => share(uid);
  part("share").hidden = !navigator.canShare?.({ files: [new File([], "a.png", { type: "image/png" })] });
  await draw();
}

async function fill({ kind, row }) {
  const data = await reference().catch(() => null);
  const { state, tag, css, says } = await standing(kind, row);
  const place = data?.villages?.find((one) => one.code === row.village);
  part("state").textContent = tag;
  part("state").className = `tag ${css}`;
  part("says").textContent = says;
  part("number-box").hidden = !row.number;
  part("number").textContent = row.number ?? "";
  part("title").textContent = row.title;
  part("day").textContent = dayLong(row.held_on || today());
  part("place").textContent = place ? `${place.title}, ${place.district}` : row.village;
  part("again").href = `/desa/catat/?village=${encodeURIComponent(row.village)}`;
  head(word(SAFE.has(state) ? "screens.received" : "screens.kept"));
}

function head(text) {
  const h1 = document.querySelector("h1");
  if (h1.textContent.trim() === text) return;
  const site = document.title.split(" – ").at(-1);
  h1.textContent = text;
  document.title = `${text} – ${site}`;
}

const card = () => {
  const lines = [...root.querySelectorAll("dl > div")].map((line) => [
    line.querySelector("dt").textContent,
    line.querySelector("dd").textContent,
  ]);
  return drawn({
    title: word("screens.picture_title"),
    tag: part("state").textContent,
    says: part("says").textContent,
    number: part("number").textContent,
    lines,
  });
};

async function file(uid) {
  const name = `bukti-${part("number").textContent || uid.slice(0, 8)}.png`;
  return new File([await card()], name, { type: "image/png" });
}

async function save(uid) {
  const made = await file(uid);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(made);
  link.download = made.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function share(uid) {
  await navigator.share({ files: [await file(uid)] }).catch(() => {}); // she changed her mind
}

/** Runs the page. */
export async function start() {
  if (!(await available())) return;
  await showReceipt(new URLSearchParams(location.search).get("uid") ?? "");
}
