// While the server works on a form: say so, in its own words (data-busy) where it has
// some, and let nobody send it twice.
(() => {
  const words = document.currentScript.dataset.words;
  addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    // The forms kept for filling in without a line go with the person who leaves.
    if (form.action.endsWith("/dang-xuat/")) self.caches?.delete("tongket-entry");
    // After this turn, so that the button's own name and value are still sent.
    setTimeout(() => {
      const button = event.submitter ?? form.querySelector("button");
      if (!button) return;
      button.disabled = true;
      const told = document.createElement("span");
      told.className = "busy small";
      told.setAttribute("role", "status");
      button.after(told);
      setTimeout(() => (told.textContent = form.dataset.busy ?? words), 400);
    });
  });
  // A page that the browser brings back with its "back" button is fresh again.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
})();
