// Put in the worker's place by PUG_PHONE_KILL=1: it takes the caches away and then itself. What the
// person wrote lies in IndexedDB and stays. Open pages are not reloaded under her hands.

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("pug-")).map((name) => caches.delete(name)));
  await self.registration.unregister();
}
