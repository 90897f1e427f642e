// On every page of a person who is signed in: works without a network, sends what waits, signs out clean.
import { channel, flush, keeps, person, waitingDrafts, wipe } from "./device.js";

const notice = document.querySelector("[data-notice]");

const tell = (drafts) => {
  const others = drafts.filter((draft) => draft.path !== location.pathname);
  notice.replaceChildren();
  if (!others.length) return;
  const text = document.createElement("p");
  text.className = "message message--warning";
  text.append(`Gardé sur cet appareil, pas encore enregistré\u00a0: `);
  others.forEach((draft, rank) => {
    const link = document.createElement("a");
    [link.href, link.textContent] = [draft.path, draft.title];
    text.append(rank ? ", " : "", link);
  });
  text.append(".");
  notice.append(text);
};

const sendWaiting = async () => tell(await flush());

// The pages of a year can be opened in a basement once its list has been seen.
const keepPages = () => {
  const links = [...document.querySelectorAll("[data-keep-offline] a")].map((link) => link.href);
  navigator.serviceWorker.controller?.postMessage({ keep: [location.href, ...links] });
};

const signOut = async (event) => {
  event.preventDefault();
  const form = event.target;
  const waiting = keeps ? await flush() : [];
  const question = "Des pages gardées sur cet appareil ne sont pas encore enregistrées. Se déconnecter les efface. Continuer\u202f?";
  if (waiting.length && !confirm(question)) return;
  await wipe();
  channel?.postMessage({ type: "signed-out", person });
  form.submit();
};

for (const form of document.querySelectorAll("[data-sign-out]")) form.addEventListener("submit", signOut);

channel?.addEventListener("message", ({ data }) => {
  if (data.type === "signed-out" && data.person === person) location.replace("/");
});
channel?.postMessage({ type: "signed-in", person });
if (window.name === "effets-connexion") window.close();

if (keeps) {
  addEventListener("online", sendWaiting);
  (navigator.onLine ? sendWaiting() : waitingDrafts().then(tell)).catch(() => {});
  if ("serviceWorker" in navigator) {
    // The first worker, or the one of a new release, begins with what is on the screen.
    navigator.serviceWorker.addEventListener("controllerchange", keepPages);
    navigator.serviceWorker.register("/service-worker.js").catch(() => {});
    keepPages();
  }
}
