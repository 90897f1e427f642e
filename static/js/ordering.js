// Rows with a rank can be dragged; their numbers follow. Without this, the numbers are typed.
const RANK = "input[name$=-position]";

const rows = (body) => [...body.querySelectorAll("tr.form-row:not(.empty-form)")].filter((row) => row.querySelector(RANK));

const renumber = (body) => {
  rows(body).forEach((row, index) => {
    const rank = row.querySelector(RANK);
    if (rank.value === String(index + 1)) return;
    rank.value = index + 1;
    rank.dispatchEvent(new Event("input", { bubbles: true }));
  });
};

const handle = (row) => {
  const cell = row.querySelector(RANK)?.parentElement;
  if (!cell || cell.querySelector(".drag")) return;
  const grip = document.createElement("span");
  grip.className = "drag";
  grip.title = "Glisser pour changer l’ordre";
  grip.ariaHidden = "true";
  grip.textContent = "⠿";
  grip.addEventListener("pointerdown", () => { row.draggable = true; });
  grip.addEventListener("pointerup", () => { row.draggable = false; });
  cell.prepend(grip);
};

document.addEventListener("DOMContentLoaded", () => {
  for (const body of document.querySelectorAll(".inline-group table tbody")) {
    let moved;
    rows(body).forEach(handle);
    body.addEventListener("dragstart", (event) => { moved = event.target.closest("tr.form-row"); });
    body.addEventListener("dragover", (event) => {
      const over = event.target.closest("tr.form-row:not(.empty-form)");
      if (!moved || !over || over === moved) return;
      event.preventDefault();
      const box = over.getBoundingClientRect();
      over[event.clientY > box.top + box.height / 2 ? "after" : "before"](moved);
    });
    body.addEventListener("drop", (event) => event.preventDefault());
    body.addEventListener("dragend", () => {
      if (moved) moved.draggable = false;
      moved = undefined;
      renumber(body);
    });
  }
  document.addEventListener("formset:added", (event) => handle(event.target));
});
