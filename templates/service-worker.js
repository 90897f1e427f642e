// Opens without a network the pages that this person has opened on this device, and nobody else's.
// A page and the files that it asks for are of one release of the server: kept together, deleted together.
const RELEASE = "{{ release }}";
const FILES = `effets-files-${RELEASE}`;
const PAGES = `effets-pages-${RELEASE}`;
const OWNER = "/owner";
const PATIENCE = 5000; // a dying network answers later than this

const isPrivate = ({ pathname }) => pathname.startsWith("/lieux/") || pathname.startsWith("/mes-lieux/");

const pageCaches = async () => (await caches.keys()).filter((name) => name.startsWith("effets-pages"));

const forget = async () => { for (const name of await pageCaches()) await caches.delete(name); };

// The server names the person of each private page, "-" on a shared device.
const forgetAllBut = async (owner) => {
  for (const name of await pageCaches()) {
    const known = await (await caches.match(OWNER, { cacheName: name }))?.text();
    if (known && known !== owner) await caches.delete(name);
  }
};

// `pages` is opened before the page is asked for: deleted meanwhile, by a sign-out, it takes the page with it.
const remember = async (pages, url, response) => {
  const owner = response.headers.get("Effets-Person");
  if (!owner) return;
  await forgetAllBut(owner);
  if (owner === "-" || !response.ok || response.redirected) return;
  if (response.headers.get("Effets-Release") !== RELEASE) return;
  if (!response.headers.get("Content-Type")?.startsWith("text/html")) return;
  await pages.put(OWNER, new Response(owner));
  await pages.put(url, response);
};

const ask = (url) => fetch(url, { signal: AbortSignal.timeout?.(20000) });

// The pages that the former worker kept, asked for anew. One that does not come leaves them all to that worker.
const renew = async () => {
  const urls = new Set();
  for (const name of await pageCaches()) for (const { url } of await (await caches.open(name)).keys()) urls.add(url);
  await caches.delete(PAGES); // what an attempt that failed had begun
  const pages = await caches.open(PAGES);
  for (const url of urls) {
    if (!isPrivate(new URL(url))) continue;
    const response = await ask(url);
    if (response.status === 500) continue; // the server cannot draw it: the others need not wait
    if (response.headers.get("Effets-Release") !== RELEASE) throw new Error(`${url} is not there yet`); // or nobody is signed in
    await remember(pages, url, response);
  }
};

const keep = async (urls) => {
  const pages = await caches.open(PAGES);
  for (const url of urls) {
    if (!isPrivate(new URL(url)) || await pages.match(url, { ignoreVary: true })) continue;
    await remember(pages, url, await ask(url));
  }
};

const install = async () => {
  await (await caches.open(FILES)).addAll({{ files|safe }});
  await renew();
  await self.skipWaiting();
};

const activate = async () => {
  for (const name of await caches.keys()) if (name.startsWith("effets-") && ![FILES, PAGES].includes(name)) await caches.delete(name);
  await self.clients.claim();
};

const page = async (request) => {
  const pages = await caches.open(PAGES);
  const kept = await pages.match(request.url, { ignoreVary: true });
  const network = fetch(request).then(async (response) => {
    await remember(pages, request.url, response.clone()).catch(() => {});
    return response;
  });
  const soon = kept ? new Promise((resolve) => { setTimeout(() => resolve(kept), PATIENCE); }) : network;
  return Promise.race([network, soon]).catch(async () => kept ?? caches.match("{{ offline }}", { cacheName: FILES }));
};

const file = async (request) => (await caches.match(request, { cacheName: FILES })) ?? fetch(request);

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => event.waitUntil(keep(event.data.keep)));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && url.pathname === "{{ sign_out }}") event.waitUntil(forget()); // with a script or without
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && isPrivate(url)) event.respondWith(page(request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
});
