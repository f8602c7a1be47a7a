// What every page gains when scripts run; each of these works without them.

// After a form came back with errors, the reader starts at the summary.
document.querySelector("[data-focus]")?.focus();

// The account menu closes on Escape and on a press elsewhere.
const account = document.querySelector("details.account");
if (account) {
  document.addEventListener("click", (event) => {
    if (!account.contains(event.target)) account.open = false;
  });
  account.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    account.open = false;
    account.querySelector("summary").focus();
  });
}
