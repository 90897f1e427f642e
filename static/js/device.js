// What this device keeps, for one person: pages typed and not sent yet. A shared device keeps nothing.
import { createStore, del, entries, get, set } from "../vendor/idb-keyval/idb-keyval.js";

export const person = document.body.dataset.person ?? "";
export const keeps = Boolean(person) && !("shared" in document.body.dataset) && "indexedDB" in globalThis;
export const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("effets") : null;

const store = keeps ? createStore("effets", "drafts") : null;
const keyOf = (path) => `${person} ${path}`;

export const newKey = () => globalThis.crypto.randomUUID?.() ?? "";

// A draft is {path, title, version, values: [[name, value]], key, dirty, at}; null when there is none.
export const readDraft = async (path) => (keeps ? (await get(keyOf(path), store)) ?? null : null);

// Resolves to whether the draft is now on the device.
export const writeDraft = async (draft) => {
  if (!keeps) return false;
  try {
    await set(keyOf(draft.path), { ...draft, at: Date.now() }, store);
    return true;
  } catch {
    return false; // private browsing, or a full device: the page says so
  }
};

export const dropDraft = async (path) => { if (keeps) await del(keyOf(path), store); };

export const waitingDrafts = async () => {
  if (!keeps) return [];
  const rows = await entries(store);
  return rows.filter(([key, draft]) => key.startsWith(`${person} `) && draft.dirty).map(([, draft]) => draft);
};

// One sender at a time for one page, over all tabs.
export const alone = (path, act) => (navigator.locks ? navigator.locks.request(`effets ${path}`, act) : act());

const csrfToken = () => /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "";

// POSTs [[name, value]] as the person whose page this is; throws when the network is away.
export const post = async (url, values, { accept = "application/json", signal, keepalive = false } = {}) => {
  const body = new URLSearchParams(values);
  const headers = { Accept: accept, "X-CSRFToken": csrfToken(), "Effets-Person": person };
  const timeout = AbortSignal.timeout ? AbortSignal.timeout(20000) : undefined;
  const options = { method: "POST", body, headers, signal: signal ?? timeout, redirect: "error" };
  return fetch(url, { ...options, keepalive: keepalive && String(body).length < 60000 });
};

// POSTs a page; {state, …} as the server says it, "offline" or "unavailable" when it says nothing.
export const send = async (path, values, options) => {
  for (let attempt = 0; ; attempt += 1) {
    let answer;
    try {
      const response = await post(path, values, options);
      const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
      answer = isJson ? await response.json() : { state: response.status === 400 ? "too_heavy" : "unavailable" };
    } catch {
      answer = { state: "offline" };
    }
    // A sign-in in another tab changed the token; the cookie has the new one.
    if (answer.state !== "stale_token" || attempt > 0) return answer;
  }
};

export const packed = (draft) => [...draft.values, ["version", draft.version], ["key", draft.key]];

// Sends what other pages left waiting. Resolves to what still waits.
export const flush = async () => {
  for (const { path } of await waitingDrafts()) {
    if (path === location.pathname) continue; // that page sends its own
    await alone(path, async () => {
      const draft = await readDraft(path);
      if (!draft?.dirty) return;
      const answer = await send(path, packed(draft));
      if (answer.state === "saved" && !answer.errors.length) await writeDraft({ ...draft, version: answer.version, dirty: false });
    });
  }
  return waitingDrafts();
};

// Leaves nothing of this person on the device.
export const wipe = async () => {
  if (keeps) {
    const rows = await entries(store);
    await Promise.all(rows.filter(([key]) => key.startsWith(`${person} `)).map(([key]) => del(key, store)));
  }
  if (!("caches" in globalThis)) return;
  for (const name of await caches.keys()) if (name.startsWith("effets-pages")) await caches.delete(name);
};
