// Keys for whoever decides on many records: T accept, P ask for correction, L skip. They can be
// switched off on the page (WCAG 2.1.4) and rest while something is being typed.
// "Accept" stands in the same place on each page, so it rests while a second press meant for the
// page before may still come, and after it was pressed.

const STORE = "review-keys";
const REST = 1000; // milliseconds
const choice = document.querySelector("[data-shortcuts]");
const accept = document.querySelector("button[form=accept]");

function rest() {
  accept.disabled = true;
  setTimeout(() => (accept.disabled = false), REST);
}

if (accept) {
  rest();
  accept.form.addEventListener("submit", () => (accept.disabled = true));
  window.addEventListener("pageshow", (event) => event.persisted && rest());
}

const spoken = document.querySelector("[data-announce]");
if (spoken) setTimeout(() => (spoken.textContent = spoken.dataset.announce), REST);

if (choice) {
  const box = choice.querySelector("input");
  choice.hidden = false;
  box.checked = localStorage.getItem(STORE) !== "off";
  box.addEventListener("change", () => localStorage.setItem(STORE, box.checked ? "on" : "off"));

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (!box.checked || typing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.repeat) return; // a key held down decides once
    document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`)?.click();
  });
}
