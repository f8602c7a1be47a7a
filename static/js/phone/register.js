// The worker of the village pages, asked for once the page itself is there.

export async function register() {
  if (!("serviceWorker" in navigator)) return null;
  await loaded();
  const options = { scope: "/desa/", updateViaCache: "none" };
  return navigator.serviceWorker.register("/sw.js", options).catch(() => null);
}

const loaded = () =>
  new Promise((done) => {
    if (document.readyState === "complete") done();
    else window.addEventListener("load", done, { once: true });
  });

/** Where the browser can, it calls when signal is back. Never relied upon. */
export async function callBack(registration) {
  await registration?.sync?.register("send").catch(() => {});
}
