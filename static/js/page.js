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

// A password can be read back before it is sent; it goes out as a password again.
for (const box of document.querySelectorAll("input[data-show]")) {
  const button = document.createElement("button");
  const show = (open) => {
    box.type = open ? "text" : "password";
    button.textContent = open ? box.dataset.hide : box.dataset.show;
  };
  button.type = "button";
  button.className = "button quiet";
  button.setAttribute("aria-describedby", `${box.id}_label`);
  box.labels[0].id = `${box.id}_label`;
  button.addEventListener("click", () => show(box.type === "password"));
  box.form.addEventListener("submit", () => show(false));
  box.after(button);
  show(false);
}
