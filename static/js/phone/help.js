// Help without signal: whom to call stands in what this phone keeps; the rest of the page is there.

import { reference } from "./reference.js";
import { word } from "./words.js";

const figures = (phone) => phone.replace(/[^0-9]/g, "");
const abroad = (phone) => figures(phone).replace(/^0/, "62");
const dialled = (phone) => phone.replace(/[^0-9+]/g, "");

/** Runs the page. */
export async function start() {
  const list = document.querySelector("[data-contacts]");
  if (!list || list.children.length) return; // the page came with them
  const data = await reference();
  if (!data) return;
  if (data.helpers.length) {
    list.append(...data.helpers.map(rowOf));
    list.hidden = false;
    document.querySelector("[data-no-contacts]").hidden = true;
  }
  fillReport(data);
}

function rowOf(contact) {
  const row = document.getElementById("contact").content.cloneNode(true);
  row.querySelector("[data-name]").textContent = contact.name;
  row.querySelector("[data-title]").textContent = contact.title;
  row.querySelector("[data-phone]").textContent = contact.phone;
  if (!contact.phone) {
    row.querySelector("[data-ways]").remove();
    return row;
  }
  const call = row.querySelector("[data-call]");
  const chat = row.querySelector("[data-chat]");
  call.href = `tel:${dialled(contact.phone)}`;
  chat.href = `https://wa.me/${abroad(contact.phone)}`;
  for (const link of [call, chat]) link.lastElementChild.textContent = ` ${contact.name}`;
  return row;
}

function fillReport(data) {
  const box = document.querySelector("[data-report]");
  const known = { name: data.name, village: data.villages[0]?.title ?? "…" };
  const said = word("problem.said", known);
  const phone = data.helpers.find((one) => one.phone)?.phone ?? "";
  const text = encodeURIComponent(said);
  const by = (way) => box.querySelector(`[data-by=${way}]`);
  by("whatsapp").href = `https://wa.me/${abroad(phone)}?text=${text}`;
  by("sms").href = `sms:${dialled(phone)}?body=${text}`;
  by("mail").href = by("mail").href.replace(/body=.*/, `body=${text}`);
}
