// The page of an effect saves itself and shows its sentences: nothing typed depends on a button.
import { alone, channel, dropDraft, keeps, newKey, packed, person, post, readDraft, send, writeDraft } from "./device.js";
import { onReturn, signedOut, watch } from "./session.js";

const PREVIEW_AFTER = 250;
const SAVE_AFTER = 1200;
const SAVE_AT_LEAST_EVERY = 10000;
const NOT_TYPED = ["csrfmiddlewaretoken", "version"];

const form = document.querySelector("[data-autosave]");
const status = document.querySelector("[data-status]");
const spoken = document.querySelector("[data-spoken]");
const announce = document.querySelector("[data-announce]");
const conflict = document.querySelector("[data-conflict]");
const path = location.pathname;
const isClosed = "closed" in form.dataset;

const typed = () => [...new FormData(form)].filter(([name]) => !NOT_TYPED.includes(name) && !name.startsWith("keep-"));
// What the server wrote in the page, whatever has been typed before this script came.
const printed = () => [...form.elements].flatMap((field) => {
  if (!field.name || field.type === "submit" || NOT_TYPED.includes(field.name) || field.name.startsWith("keep-")) return [];
  if (field.type === "checkbox" || field.type === "radio") return field.defaultChecked ? [[field.name, field.value]] : [];
  if (field.type === "select-one") return [[field.name, ([...field.options].find((option) => option.defaultSelected) ?? field.options[0]).value]];
  return [[field.name, field.defaultValue]];
});
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

const draft = { path, title: document.querySelector("h1").textContent.trim(), version: Number(form.elements.version.value), values: printed(), key: newKey(), dirty: false };
let isSaving = false;
let firstUnsaved = 0;
let saveTimer;
let retryAfter = 5000;

const say = (text, { retry = false } = {}) => {
  if (status.dataset.said === text) return;
  status.dataset.said = text;
  status.textContent = text;
  if (!retry) return;
  const button = document.createElement("button");
  [button.type, button.className, button.textContent] = ["button", "link", "réessayer"];
  button.addEventListener("click", () => save());
  status.append(" ", button);
};

const show = (values) => {
  const chosen = new Set(values.map(([name, value]) => `${name}=${value}`));
  const texts = new Map(values);
  for (const field of form.elements) {
    if (!field.name || NOT_TYPED.includes(field.name) || field === document.activeElement && document.hasFocus()) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = chosen.has(`${field.name}=${field.value}`);
    else if (texts.has(field.name)) field.value = texts.get(field.name);
  }
  form.dispatchEvent(new CustomEvent("shown"));
};

const tellOtherTabs = () => channel?.postMessage({ type: "draft", person, draft });

// --- typing

const changed = async () => {
  const values = typed();
  if (same(values, draft.values)) return;
  Object.assign(draft, { values, key: newKey(), dirty: true });
  firstUnsaved ||= Date.now();
  tellOtherTabs();
  const isKept = writeDraft(draft);
  later();
  previewSoon();
  if (!(await isKept) && draft.dirty && !isSaving) say("Pas encore enregistré");
};

const later = (wait = Math.min(SAVE_AFTER, Math.max(0, firstUnsaved + SAVE_AT_LEAST_EVERY - Date.now()))) => {
  clearTimeout(saveTimer);
  saveTimer = setTimeout(save, wait);
};

// --- sentences

let previewTimer;
let announceTimer;
let previewing;

const previewSoon = () => { clearTimeout(previewTimer); previewTimer = setTimeout(preview, PREVIEW_AFTER); };

const preview = async () => {
  previewing?.abort();
  previewing = new AbortController();
  const { values } = draft;
  try {
    const response = await post(form.dataset.sentences, packed(draft), { accept: "text/html", signal: previewing.signal });
    if (response.ok && same(values, draft.values)) speak(await response.text());
  } catch (error) {
    if (error.name !== "AbortError") speak(`<p class="quiet">Hors connexion\u00a0: les phrases reviendront avec le réseau.</p>`);
  }
};

const speak = (html) => {
  if (spoken.innerHTML === html) return;
  const isOpen = spoken.querySelector("details")?.open;
  spoken.innerHTML = html;
  if (isOpen) spoken.querySelector("details")?.setAttribute("open", "");
  clearTimeout(announceTimer);
  announceTimer = setTimeout(() => {
    const text = [...spoken.querySelectorAll(".presence, .passage, .passage__items li")].map((row) => row.textContent).join(" ");
    if (announce.textContent !== text) announce.textContent = text;
  }, 1500);
};

// --- two versions

let compared; // {version, panel, values}: what is saved, how it is shown, and the typed values beside it

// Shown anew while somebody types on: what they chose stays chosen, and the focus where it is.
const showConflict = (panel) => {
  const isNew = !isBlocked();
  const chosen = [...conflict.querySelectorAll("input")].filter((input) => input.checked && !input.defaultChecked);
  const focused = conflict.contains(document.activeElement) ? document.activeElement : null;
  conflict.innerHTML = panel;
  for (const { id } of chosen) {
    const again = document.getElementById(id);
    if (again) again.checked = true;
  }
  if (isNew || focused) (document.getElementById(focused?.id) ?? conflict.querySelector("[data-focus]")).focus();
};

const resolve = async (which) => {
  if (which === "saved") { draft.dirty = false; await dropDraft(path); location.reload(); return; }
  await changed();
  if (!same(draft.values, compared.values)) { // typed since: nobody chooses unread
    await save();
    conflict.querySelector("[data-focus]")?.focus();
    return;
  }
  const choices = [...new FormData(form)].filter(([name]) => name.startsWith("keep-"));
  // A key of its own: what is chosen is not what the draft holds, and must not pass for it.
  const answer = await save({ extra: [...choices, ["resolve", which]], version: compared.version, key: newKey() });
  if (answer.state !== "saved") return;
  await dropDraft(path);
  draft.dirty = false;
  location.reload();
};

// --- saving

// While two versions are compared, saving only asks for the comparison again: the draft keeps the
// version that it began from until somebody chooses.
const isBlocked = () => Boolean(conflict.firstElementChild);

const save = (options = {}) => {
  clearTimeout(saveTimer);
  return alone(path, () => saveNow(options));
};

const saveNow = async ({ extra = [], keepalive = false, version = draft.version, key = draft.key } = {}) => {
  if (!extra.length && !draft.dirty) return { state: "saved", errors: [] };
  isSaving = true;
  say("Enregistrement…");
  const sent = draft.values;
  const answer = await send(path, [...packed({ ...draft, version, key }), ...extra], { keepalive });
  isSaving = false;
  await (OUTCOMES[answer.state] ?? OUTCOMES.unavailable)(answer, sent);
  return answer;
};

const keptOnDevice = () => (keeps ? "gardé sur cet appareil" : "gardé dans cette page seulement");

const tryAgain = (text, options) => {
  say(text, options);
  later(retryAfter);
  retryAfter = Math.min(retryAfter * 2, 60000);
};

const OUTCOMES = {
  saved: async (answer, sent) => {
    const isAll = same(sent, draft.values);
    draft.version = answer.version;
    form.elements.version.value = answer.version;
    firstUnsaved = 0;
    retryAfter = 5000;
    draft.dirty = !isAll || answer.errors.length > 0;
    conflict.replaceChildren();
    await writeDraft(draft);
    tellOtherTabs();
    watch(answer.seconds_left);
    if (answer.errors.length) say(`Enregistré à ${answer.at}, sauf ce qui reste à corriger\u00a0: ${answer.errors.join(", ")}`);
    else if (isAll) say(`Enregistré à ${answer.at}`);
    if (isAll) speak(answer.spoken);
    else later();
  },
  conflict: (answer, sent) => {
    if (answer.panel !== compared?.panel || !isBlocked()) showConflict(answer.panel);
    compared = { version: answer.version, panel: answer.panel, values: sent };
    say("Non enregistré\u00a0: deux versions à comparer");
  },
  closed: (answer) => say(`Non enregistré\u00a0: ${answer.message} Votre texte est ${keptOnDevice()}.`),
  too_heavy: () => say("Non enregistré\u00a0: cette page dépasse 2\u00a0Mo. Raccourcissez la note."),
  signed_out: () => { say(`Non enregistré\u00a0: votre session est terminée. Votre texte est ${keptOnDevice()}.`); signedOut(); },
  other_person: () => location.replace("/mes-lieux/"),
  offline: () => tryAgain(keeps ? "Hors connexion\u00a0: gardé sur cet appareil" : "Hors connexion\u00a0: non enregistré"),
  unavailable: () => tryAgain(`Non enregistré, ${keptOnDevice()}\u00a0:`, { retry: true }),
};

// --- leaving by a button

const submitted = async (event) => {
  event.preventDefault();
  const button = event.submitter;
  const extra = button?.name ? [[button.name, button.value]] : [];
  if (button?.name === "resolve") return resolve(button.value);
  if (isBlocked()) return conflict.querySelector("[data-focus]").focus();
  await changed();
  const answer = await save({ extra: [...extra, ["button", "1"]] });
  if (answer.state === "saved" && answer.errors.length) return submitAsPage();
  if (button?.name !== "next") return undefined;
  if (answer.state === "saved") location.assign(answer.next);
  else if (answer.state === "offline" && keeps) document.querySelector(".steps__next")?.click();
  return undefined;
};

// The server says beside each field what is wrong with it.
const submitAsPage = () => {
  form.elements.csrfmiddlewaretoken.value = /csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? form.elements.csrfmiddlewaretoken.value;
  form.submit();
};

// --- life of the page

const begin = async () => {
  const kept = await readDraft(path).catch(() => null);
  if (!kept) return;
  if (isClosed) { recall(kept); return; }
  if (!kept.dirty && kept.version <= draft.version) { dropDraft(path); return; }
  Object.assign(draft, kept);
  form.elements.version.value = draft.version;
  show(draft.values);
  draft.values = typed();
  if (!draft.dirty) return;
  say(navigator.onLine ? "Votre texte, gardé sur cet appareil, est revenu" : "Hors connexion\u00a0: gardé sur cet appareil");
  previewSoon();
  save();
};

// Handed in by somebody else meanwhile: the words stay on the screen, and leave if the year comes back.
const recall = ({ dirty, values }) => {
  if (!dirty) return;
  show(values);
  say(`Non enregistré\u00a0: ce rapport est transmis. Votre texte est ${keptOnDevice()}\u00a0; il s’enregistrera si le rapport vous est rendu.`);
};

const follow = ({ data }) => {
  if (data.type !== "draft" || data.person !== person || data.draft.path !== path || same(data.draft, draft)) return;
  Object.assign(draft, data.draft);
  form.elements.version.value = draft.version;
  show(draft.values);
  if (!draft.dirty) say("Enregistré depuis un autre onglet");
};

const listen = () => {
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("focusout", () => { if (draft.dirty) later(0); });
  form.addEventListener("submit", submitted);
  channel?.addEventListener("message", follow);
  addEventListener("online", () => { if (draft.dirty) save(); });
  addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && draft.dirty) save({ keepalive: true }); });
  addEventListener("pagehide", () => { if (draft.dirty) save({ keepalive: true }); });
  addEventListener("pageshow", (event) => { if (event.persisted && !draft.dirty) location.reload(); });
  addEventListener("beforeunload", (event) => { if (draft.dirty && !keeps) event.preventDefault(); });
  onReturn(() => save());
};

watch(Number(document.body.dataset.secondsLeft));
if (!isClosed) say(form.dataset.savedAt ? `Enregistré à ${form.dataset.savedAt}` : "Pas encore enregistré");
if (!isClosed) listen();
await begin();
if (!isClosed) changed(); // typed while the network was bringing this script
