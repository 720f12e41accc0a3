// How far is the computing of the chain, and what was found at its end?
"use strict";

(() => {
  const form = document.querySelector("form[data-verify]");
  if (!form || !window.fetch || !window.ReadableStream) return;
  const place = document.querySelector(form.dataset.verify);
  const button = form.querySelector("button");

  const notice = (tone, head, text) => {
    const box = document.createElement("div");
    box.className = "notice";
    box.dataset.tone = tone;
    box.setAttribute("role", tone === "good" ? "status" : "alert");
    const strong = document.createElement("strong");
    strong.textContent = head;
    const words = document.createElement("p");
    words.textContent = text;
    box.append(strong, " ", words);
    place.replaceChildren(box);
  };

  const begin = () => {
    const bar = document.createElement("progress");
    const words = document.createElement("p");
    words.setAttribute("role", "status");
    words.textContent = place.dataset.busy;
    bar.setAttribute("aria-label", place.dataset.busy);
    place.replaceChildren(bar, words);
    return (step) => {
      bar.max = step.total;
      bar.value = step.done;
      words.textContent = step.words;
    };
  };

  const follow = async (response, tell) => {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    let verdict = null;
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return verdict;
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const step of lines.filter(Boolean).map((line) => JSON.parse(line))) {
        if (step.verdict) verdict = step;
        else tell(step);
      }
    }
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/x-ndjson" },
      });
      if (!(response.headers.get("Content-Type") || "").includes("ndjson")) {
        form.submit(); // a page, not lines: let the browser show it
        return;
      }
      const found = await follow(response, begin());
      if (!found) throw new Error("the answer broke off");
      notice(found.is_sound ? "good" : "bad", found.verdict, found.found);
    } catch {
      notice("warn", place.dataset.failed, "");
    }
    button.disabled = false;
  });
})();
