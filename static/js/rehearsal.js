// Shows what the report would say while its words are being written. The server says it, and saves nothing.
document.addEventListener("DOMContentLoaded", () => {
  const panel = document.getElementById("rehearsal");
  const form = panel?.closest("form");
  if (!form || !form.querySelector("[name=_save]")) return;
  let waiting;
  let asked = 0;

  const show = (html) => {
    const open = [...panel.querySelectorAll("details")].map((row) => row.open);
    panel.innerHTML = html;
    panel.querySelectorAll("details").forEach((row, rank) => { if (rank in open) row.open = open[rank]; });
  };

  const rehearse = async () => {
    const number = ++asked;
    const body = new FormData(form);
    body.append("_rehearse", "panel");
    try {
      const answer = await fetch(location.href, { method: "POST", body });
      const html = await answer.text();
      if (answer.ok && number === asked) show(html);
    } catch { /* the network is away: what was shown stays */ }
  };

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(rehearse, 500);
  });
});
