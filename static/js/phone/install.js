// "Pasang di HP": the browser's offer is kept until the person presses our button.

let offered = null;

window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offered = event;
  show(true);
});
window.addEventListener("appinstalled", () => show(false));

const buttons = () => document.querySelectorAll("[data-install]");

function show(open) {
  for (const button of buttons()) button.hidden = !open;
}

/** Lets the install buttons of this page work. */
export function install() {
  for (const button of buttons()) button.addEventListener("click", ask);
  show(offered !== null);
}

async function ask() {
  const event = offered;
  if (!event) return;
  offered = null; // an offer can be used once
  show(false);
  await event.prompt();
  const { outcome } = await event.userChoice;
  if (outcome === "accepted") await navigator.storage?.persist?.(); // "no" is normal
}
