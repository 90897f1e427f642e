// A long work's page follows it: the same page is asked again and its middle put in place.
const EVERY = 2000;

const follow = async () => {
  const shown = document.querySelector("[data-progress]");
  const response = await fetch(location.pathname).catch(() => null);
  if (response?.ok) {
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("[data-progress]");
    if (fresh && fresh.innerHTML !== shown.innerHTML && !shown.contains(document.activeElement)) shown.replaceWith(fresh);
    if (fresh && "finished" in fresh.dataset) return;
  }
  setTimeout(follow, EVERY);
};

setTimeout(follow, EVERY);
