// Are files dropped taken like files chosen, and is it told how far their reading is?
"use strict";

(() => {
  const form = document.querySelector("form[data-upload]");
  if (!form || !window.fetch || !window.ReadableStream) return;
  const zone = form.querySelector("[data-drop]");
  const input = form.querySelector('input[type="file"]');
  const chosen = form.querySelector("[data-chosen]");
  const shown = form.querySelector("[data-progress]");
  const bar = shown.querySelector("progress");
  const words = shown.querySelector("[role=status]");

  const tell = () => {
    const count = input.files.length;
    chosen.textContent = count > 1 ? chosen.dataset.words.replace("{count}", count) : "";
  };
  input.addEventListener("change", tell);

  for (const kind of ["dragenter", "dragover"]) {
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.dataset.over = "1";
    });
  }
  for (const kind of ["dragleave", "drop"]) {
    zone.addEventListener(kind, () => delete zone.dataset.over);
  }
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    input.files = event.dataTransfer.files;
    tell();
  });

  const failed = (text) => {
    bar.hidden = true;
    words.textContent = text;
    delete form.dataset.started;
  };

  // Each line tells one step; the first one tells where the result will stand.
  const follow = async (response) => {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    let address = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const step of lines.filter(Boolean).map((line) => JSON.parse(line))) {
        if (step.address) address = step.address;
        if (step.total) {
          bar.max = step.total;
          bar.value = step.done;
          words.textContent = step.words;
        }
      }
    }
    return address;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.started) return;
    form.dataset.started = "1";
    shown.hidden = false;
    bar.hidden = false;
    bar.removeAttribute("value");
    words.textContent = form.dataset.reading;
    try {
      const response = await fetch(form.action || window.location.href, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/x-ndjson" },
      });
      if (!(response.headers.get("Content-Type") || "").includes("ndjson")) {
        form.submit(); // a page, not lines: let the browser show it
        return;
      }
      window.location.assign(await follow(response));
    } catch {
      failed(form.dataset.lost);
    }
  });
})();
