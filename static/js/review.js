// Keys for whoever decides on many records: T accept, P ask for correction, L skip. They can be
// switched off on the page (WCAG 2.1.4) and rest while something is being typed.

const STORE = "review-keys";
const choice = document.querySelector("[data-shortcuts]");

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
