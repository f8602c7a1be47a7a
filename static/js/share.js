// The link of a page: the device's own way to share it, else the clipboard. Without scripts it
// stands in a box to be copied by hand.
for (const button of document.querySelectorAll("[data-share]")) {
  const box = button.parentElement.querySelector("input");
  const words = button.textContent;

  const copy = async () => {
    await navigator.clipboard.writeText(box.value);
    button.textContent = button.dataset.done;
    setTimeout(() => (button.textContent = words), 4000);
  };

  const share = async () => {
    try {
      if (navigator.share) await navigator.share({ title: document.title, url: box.value });
      else await copy();
    } catch (refused) {
      if (refused.name !== "AbortError") box.select();
    }
  };

  button.hidden = !navigator.share && !navigator.clipboard;
  button.addEventListener("click", share);
  box.addEventListener("focus", () => box.select());
}
