// Forms without surprise: a question hides while its parent does not hold, last year's answers tick
// this year's boxes, focus goes to what went wrong, leaving a page that does not save itself asks first.

const isAnswered = (question) => [...question.querySelectorAll("input")].some(({ type, checked, value }) =>
  (type === "checkbox" || type === "radio" ? checked : true) && value.trim());

// Its parent is answered so, and holds itself, wherever they are on the page; a loop holds nowhere.
const holds = (form, question, met = new Set()) => {
  if (!question) return true;
  const { parent, values } = question.dataset;
  if (met.has(parent)) return false;
  const chosen = [...form.querySelectorAll(`[name="${parent}"]:checked`)];
  const opening = chosen.find((input) => values.split(" ").includes(input.value));
  return Boolean(opening) && holds(form, opening.closest("[data-parent]"), met.add(parent));
};

const refresh = (form) => {
  for (const question of form.querySelectorAll("[data-parent]")) {
    question.hidden = !holds(form, question) && !isAnswered(question);
  }
};

const boxOf = (form, item) => form.querySelector(`[name="${item.dataset.question}"][value="${item.dataset.category}"]`);

// What a verdict says of last year's answer, the box of this year says too, and the other way round.
const follow = (form, { target }) => {
  const item = target.closest("[data-since]");
  if (item) {
    const box = boxOf(form, item);
    if (box && target.value === "still") box.checked = true;
    if (box && target.value === "ended") box.checked = false;
    return;
  }
  for (const row of form.querySelectorAll("[data-since]")) {
    if (row.dataset.question !== target.name) continue;
    const isOn = boxOf(form, row)?.checked;
    const verdict = row.querySelector(":checked")?.value;
    if (isOn && (verdict === "" || verdict === "ended")) row.querySelector("[value=still]").checked = true;
    if (!isOn && verdict === "still") row.querySelector("[value='']").checked = true;
  }
};

for (const form of document.querySelectorAll(".effect-form")) {
  form.addEventListener("input", (event) => { follow(form, event); refresh(form); });
  form.addEventListener("shown", () => refresh(form));
  refresh(form);
}

for (const form of document.querySelectorAll("[data-guard]")) {
  let isDirty = Boolean(document.querySelector(".error-summary"));
  form.addEventListener("input", () => { isDirty = true; });
  form.addEventListener("submit", () => { isDirty = false; });
  addEventListener("beforeunload", (event) => { if (isDirty) event.preventDefault(); });
}

document.querySelector("[data-focus]")?.focus();
