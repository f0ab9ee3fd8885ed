// Small comforts. Every page works without them.
"use strict";

// A second press on a button sends nothing twice; after ten seconds one may try again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 10000);
});

// Coming back with the browser's back button, a form may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// How many characters are left, counted as the server counts them.
for (const area of document.querySelectorAll("textarea[data-most]")) {
  const note = area.parentElement.querySelector("[data-left]");
  const show = () => {
    const left = Number(area.dataset.most) - [...area.value.trim()].length;
    note.textContent = left < 0
      ? note.dataset.over.replace("{over}", -left)
      : note.dataset.left.replace("{left}", left);
  };
  area.addEventListener("input", show);
}
