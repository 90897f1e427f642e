// Recording pages work without this; with it, a question hides while its parent does not hold,
// focus goes to what went wrong, and leaving with unsaved words asks first.

const isTicked = (question) => Boolean(question.querySelector(":checked"));

const refresh = (form) => {
  for (const question of form.querySelectorAll("[data-parent]")) {
    const values = question.dataset.values.split(" ");
    const chosen = form.querySelectorAll(`[name="${question.dataset.parent}"]:checked`);
    const holds = [...chosen].some((input) => values.includes(input.value));
    question.hidden = !holds && !isTicked(question);
  }
};

for (const form of document.querySelectorAll("[data-guard]")) {
  let isDirty = Boolean(document.querySelector(".error-summary"));
  form.addEventListener("input", () => { isDirty = true; refresh(form); });
  form.addEventListener("submit", () => { isDirty = false; });
  addEventListener("beforeunload", (event) => { if (isDirty) event.preventDefault(); });
  refresh(form);
}

document.querySelector("[data-focus]")?.focus();
