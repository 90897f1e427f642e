// Says five minutes before a session ends, extends it in one click, and signs in again beside the page.
import { channel, person, post } from "./device.js";

const WARNING = 5 * 60;
const warning = document.querySelector("[data-session-warning]");
const ended = document.querySelector("[data-session-ended]");
let warnTimer;
let endTimer;
let whenBack = () => {};

export const watch = (secondsLeft) => {
  clearTimeout(warnTimer);
  clearTimeout(endTimer);
  if (warning.open) warning.close();
  // Timers of more than 24 days would ring at once.
  const wait = (seconds) => Math.min(Math.max(seconds, 0) * 1000, 2 ** 31 - 1);
  warnTimer = setTimeout(() => warning.showModal(), wait(secondsLeft - WARNING));
  endTimer = setTimeout(() => signedOut(), wait(secondsLeft));
};

export const signedOut = () => {
  if (warning.open) warning.close();
  if (!ended.open) ended.showModal();
};

export const onReturn = (act) => { whenBack = act; };

const extend = async () => {
  const response = await post("/session/", []).catch(() => null);
  if (!response) return;
  if (response.status === 401) signedOut();
  else resume(await response.json());
};

const resume = ({ person: who, seconds_left: secondsLeft }) => {
  if (String(who) !== person) { location.replace("/mes-lieux/"); return; }
  watch(secondsLeft);
  if (!ended.open) return;
  ended.close();
  whenBack();
};

warning?.querySelector("button").addEventListener("click", extend);
ended?.querySelector("a").addEventListener("click", (event) => {
  event.preventDefault();
  window.open(event.target.href, "effets-connexion");
});
channel?.addEventListener("message", ({ data }) => { if (data.type === "signed-in" && ended?.open) extend(); });
addEventListener("focus", () => { if (ended?.open) extend(); });
