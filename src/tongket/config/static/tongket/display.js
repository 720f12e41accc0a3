/* Which theme and text size did this reader choose? Kept in localStorage only. */
(() => {
  const data = document.documentElement.dataset;
  const sizes = ["100", "125", "150", "200"];
  const all = (selector) => document.querySelectorAll(selector);
  const set = (key, value) => {
    if (value) data[key] = value;
    else delete data[key];
    try {
      if (value) localStorage.setItem(key, value);
      else localStorage.removeItem(key);
    } catch { /* storage refused: the choice lasts for this page */ }
    show();
  };
  const show = () => {
    const place = sizes.indexOf(data.fs || "100");
    all("[data-theme-choice]").forEach((button) =>
      button.setAttribute("aria-pressed", button.dataset.themeChoice === (data.theme || "auto")));
    all("[data-size]").forEach((output) => { output.textContent = `${sizes[place]} %`; });
    all("[data-size-step]").forEach((button) => {
      const step = Number(button.dataset.sizeStep);
      button.setAttribute("aria-disabled", step ? !sizes[place + step] : place === 0);
    });
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice], [data-size-step]");
    if (!button) return;
    const { themeChoice, sizeStep } = button.dataset;
    if (themeChoice) return set("theme", themeChoice === "auto" ? "" : themeChoice);
    const place = sizes.indexOf(data.fs || "100") + Number(sizeStep);
    const size = Number(sizeStep) ? sizes[place] || data.fs : "";
    set("fs", size === "100" ? "" : size);
  });
  addEventListener("storage", ({ key, newValue }) => {
    if (key !== "theme" && key !== "fs") return;
    if (newValue) data[key] = newValue;
    else delete data[key];
    show();
  });
  all("[data-display]").forEach((tool) => { tool.hidden = false; });
  show();
})();
