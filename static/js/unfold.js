// Opens folded notes for print, and the one that the address points to.
const openAll = () => document.querySelectorAll("details").forEach((note) => { note.open = true; });

const openTarget = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  target?.querySelector("details")?.setAttribute("open", "");
};

addEventListener("beforeprint", openAll);
addEventListener("hashchange", openTarget);
openTarget();
