// Opens without a network the pages that this person has opened on this device, and nobody else's.
const FILES = "effets-files-{{ version }}";
const PAGES = "effets-pages";
const OWNER = "/owner";
const PATIENCE = 5000; // a dying network answers later than this

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES).then((cache) => cache.addAll({{ files|safe }})).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("effets-files-") && name !== FILES) await caches.delete(name);
    await self.clients.claim();
  })());
});

// The server names the person of each private page, "-" on a shared device.
const remember = async (request, response) => {
  const owner = response.headers.get("Effets-Person");
  if (!owner) return;
  const known = await (await (await caches.open(PAGES)).match(OWNER))?.text();
  if (known !== owner) await caches.delete(PAGES);
  if (owner === "-" || !response.ok || response.redirected) return;
  if (!response.headers.get("Content-Type")?.startsWith("text/html")) return;
  const pages = await caches.open(PAGES);
  await pages.put(OWNER, new Response(owner));
  await pages.put(request.url, response);
};

const page = async (request) => {
  const kept = await caches.match(request.url, { ignoreVary: true });
  const network = fetch(request).then(async (response) => {
    await remember(request, response.clone()).catch(() => {});
    return response;
  });
  const soon = kept ? new Promise((resolve) => { setTimeout(() => resolve(kept), PATIENCE); }) : network;
  return Promise.race([network, soon]).catch(async () => kept ?? caches.match("{{ offline }}"));
};

const file = async (request) => (await caches.match(request)) ?? fetch(request);

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const isPrivate = url.pathname.startsWith("/lieux/") || url.pathname.startsWith("/mes-lieux/");
  if (request.mode === "navigate" && isPrivate) event.respondWith(page(request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
});
