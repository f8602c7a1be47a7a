// The worker of the village pages. The line before this one is PHONE, the plan: version, files with
// their digests, shells, and which page has which shell. It keeps code and empty pages, nothing
// about anybody; it never sees a POST and never answers for the API.

const PREFIX = "pug-shell-";
const CACHE = PREFIX + PHONE.version;
const PATIENCE = 3000; // milliseconds a page may take before its shell stands in

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(sweep()));

async function fill() {
  const cache = await caches.open(CACHE);
  const files = Object.entries(PHONE.files).map(([address, integrity]) =>
    keep(cache, address, integrity),
  );
  await Promise.all([keepShells(cache), ...files]);
}

// What an interrupted try has already brought home is not asked for again.
async function keep(cache, address, integrity) {
  if (await cache.match(address)) return;
  const options = { integrity, credentials: "omit", redirect: "error", priority: "low" };
  const answer = await fetch(address, options).catch(() =>
    fetch(address, { ...options, cache: "reload" }),
  );
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  await cache.put(address, answer);
}

// Without cookies there is nobody to name. The version says that the answer is the portal's, of
// this very build, and not an operator's login page. Each shell goes under the rules (CSP) that
// came with the answer.
async function keepShells(cache) {
  const options = { credentials: "omit", cache: "reload", redirect: "error", priority: "low" };
  const answer = await fetch(PHONE.shells, options);
  const { version, shells } = await answer.json();
  if (version !== PHONE.version) throw new Error(`${PHONE.shells} is of version ${version}`);
  const headers = new Headers(answer.headers);
  headers.set("Content-Type", "text/html; charset=utf-8");
  for (const name of ["Content-Encoding", "Content-Length", "ETag"]) headers.delete(name);
  for (const [page, text] of Object.entries(shells)) {
    await cache.put(addressOf(page), new Response(text, { headers }));
  }
}

const addressOf = (page) => `${PHONE.shells}${page}/`;

async function sweep() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (!address.pathname.startsWith(PHONE.shells)) event.respondWith(page(request, address));
  } else if (address.pathname in PHONE.files) {
    event.respondWith(kept(address.pathname).then((answer) => answer ?? fetch(request)));
  }
});

async function page(request, address) {
  const asked = address.searchParams.has("online"); // the person wants the portal, at any pace
  const plan = (!asked && PHONE.pages[address.pathname]) || { shell: "nosignal", first: false };
  const standIn = () => kept(addressOf(plan.shell));
  const first = plan.first ? await standIn() : null;
  return first ?? (await fromNetwork(request, standIn, asked));
}

async function fromNetwork(request, standIn, asked) {
  const network = fetch(request).then(
    (answer) => (ours(answer) ? answer : null),
    () => null,
  );
  const answer = await (asked ? network : Promise.race([network, silence()]));
  return answer ?? (await standIn()) ?? (await network) ?? Response.error();
}

// The portal names each of its answers. Its failures (5xx) are no page worth showing.
const ours = (answer) =>
  answer.type === "opaqueredirect" || (answer.status < 500 && answer.headers.has("X-Request-ID"));

const silence = () => new Promise((done) => setTimeout(done, PATIENCE, null));

async function kept(address) {
  const cache = await caches.open(CACHE);
  return cache.match(address);
}

self.addEventListener("message", (event) => {
  if (event.data?.type === "apply") event.waitUntil(apply(event.source, event.ports[0]));
});

// A new version takes over only while no form is open in any window. Whoever asks answers for its
// own: the address known here is the one that its window was opened with.
async function apply(asking, port) {
  const others = (await windows()).filter((client) => client.id !== asking.id);
  const busy = others.some((client) => hasForm(new URL(client.url).pathname));
  port?.postMessage(busy ? "later" : "now");
  if (!busy) self.skipWaiting(); // not awaited: it ends only when all else here has ended
}

const hasForm = (path) =>
  path === PHONE.form || (path.startsWith("/desa/") && path.endsWith("/perbaiki/"));

const windows = () => self.clients.matchAll({ type: "window", includeUncontrolled: true });

// A bonus where the browser has it: signal came back while the portal lies in the background.
self.addEventListener("sync", (event) => {
  if (event.tag === "send") event.waitUntil(wake());
});

async function wake() {
  for (const client of await windows()) client.postMessage({ type: "send" });
}
