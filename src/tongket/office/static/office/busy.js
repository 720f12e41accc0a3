// Does a form that takes a while say so, and only send once?
"use strict";

for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    const progress = document.createElement("progress");
    progress.setAttribute("aria-label", form.dataset.busy);
    const words = document.createElement("span");
    words.setAttribute("role", "status");
    words.textContent = form.dataset.busy;
    form.append(progress, words);
  });
}
