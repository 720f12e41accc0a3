/* How does the paper form behave like a spreadsheet? Arrows and Enter move, a column is
   pasted from Excel, sums are shown while typing, and a draft stays on this machine.
   Without this script the form is posted as any other. */
(() => {
  const form = document.getElementById("entry");
  if (!form) return;
  const inputs = [...form.querySelectorAll('input[name^="cell."]')];
  const words = form.dataset;
  const status = form.querySelector(".saved");
  const discard = form.querySelector("[data-discard]");
  const key = `tongket:${words.draft}`;
  const say = (text, values) => {
    if (status) status.textContent = text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  };

  // --- moving ---------------------------------------------------------------------
  const go = (input, step) => {
    const next = inputs[inputs.indexOf(input) + step];
    if (next) { next.focus(); next.select(); }
    return Boolean(next);
  };
  form.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!inputs.includes(input) || event.isComposing) return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: event.shiftKey ? -1 : 1 }[event.key];
    if (!step) return;
    event.preventDefault(); // Enter never sends by accident; the button does
    if (!go(input, step) && event.key === "Enter") form.querySelector(".bar .button")?.focus();
  });

  // --- pasting a block ----------------------------------------------------------------
  const plain = (text) => text.normalize("NFC").trim().toLocaleLowerCase("vi");
  const labels = new Map(inputs.map((input) => [
    plain(document.getElementById(input.getAttribute("aria-labelledby")).textContent), input]));
  const rows = [...form.querySelectorAll("tbody tr:not(.said)")].map((row) => row.querySelector('input[name^="cell."]'));
  /* Pairs of input and text. A block that carries the labels is placed by them; a bare
     column goes down from the cell, over headings when it has a blank where each stands. */
  const placed = (lines, start) => {
    const labelled = lines.map((line) => {
      const at = line.findIndex((text) => labels.has(plain(text)));
      return at < 0 ? null : [labels.get(plain(line[at])), line.slice(at + 1)];
    });
    if (labelled.some(Boolean)) {
      return labelled.filter(Boolean).map(([input, rest]) => [input, rest.filter(Boolean).at(-1) ?? ""]);
    }
    const column = lines.length === 1 ? lines[0] : lines.map((line) => line.at(-1));
    const below = rows.slice(rows.indexOf(start));
    const sameShape = below.slice(0, column.length).every((row, at) => row || !column[at]);
    const targets = sameShape ? below : below.filter(Boolean);
    return column.map((text, at) => [targets[at], text]).filter(([input, text]) => input || text);
  };
  form.addEventListener("paste", (event) => {
    if (!inputs.includes(event.target) || event.target.readOnly) return;
    const text = (event.clipboardData?.getData("text/plain") ?? "").replace(/\r?\n$/, "");
    if (!/[\t\n]/.test(text)) return;
    event.preventDefault();
    const lines = text.split(/\r?\n/).map((line) => line.split("\t").map((cell) => cell.trim()));
    const pairs = placed(lines, event.target);
    const kept = pairs.filter(([input]) => input);
    for (const [input, value] of kept) {
      input.value = value;
      input.dataset.pasted = "";
    }
    kept.at(-1)?.[0].focus();
    add();
    save();
    say(words.pasted, { count: kept.length });
    if (kept.length < pairs.length) {
      status.textContent += ` ${words.left.replace("{count}", pairs.length - kept.length)}`;
    }
  });

  // --- sums while typing ------------------------------------------------------------------
  /* The number a cell counts as; NaN when it is blank or no number. Only for showing a
     sum: whether a cell is right is said by the server. */
  const counted = (text) => {
    const typed = text.trim();
    if (/^[-–—]$/.test(typed)) return 0;
    if (!/^\d+([.\s]\d{3})*(,\d+)?$/.test(typed)) return NaN;
    return Number(typed.replace(/[.\s]/g, "").replace(",", "."));
  };
  const add = () => {
    for (const whole of inputs.filter((input) => input.dataset.adds)) {
      const note = form.querySelector(`[data-sum="${whole.name.slice(5)}"]`);
      const parts = whole.dataset.adds.split(" ").map((name) => counted(form.elements[`cell.${name}`].value));
      const sum = parts.reduce((total, part) => total + (part || 0), 0);
      const shown = sum.toLocaleString(document.documentElement.lang);
      note.textContent = parts.every(Number.isNaN) ? "" : words.addsUp.replace("{sum}", shown);
      note.toggleAttribute("data-differs", !parts.some(Number.isNaN) && sum !== counted(whole.value));
    }
  };

  // --- the draft ---------------------------------------------------------------------------
  const fields = [...form.querySelectorAll('[name^="cell."], [name^="explain."]')];
  const time = (stamp) => new Date(stamp).toLocaleTimeString("vi", { hour: "2-digit", minute: "2-digit" });
  const save = () => {
    const draft = { version: words.version, at: Date.now(), values: {} };
    for (const field of fields) draft.values[field.name] = field.value;
    try {
      localStorage.setItem(key, JSON.stringify(draft));
      say(words.saved, { time: time(draft.at) });
      discard.hidden = false;
    } catch {
      say(words.refused, {});
    }
  };
  const forget = () => { try { localStorage.removeItem(key); } catch { /* nothing kept */ } };
  const restore = () => {
    let draft = null;
    try { draft = JSON.parse(localStorage.getItem(key)); } catch { /* no draft */ }
    if (!draft) return;
    if (draft.version !== words.version) return forget(); // it was sent since
    const changed = fields.filter((field) => (draft.values[field.name] ?? field.value) !== field.value);
    if (!changed.length) return;
    for (const field of changed) field.value = draft.values[field.name];
    say(words.restored, { time: time(draft.at) });
    discard.hidden = false;
  };
  if (discard) {
    let waiting;
    form.addEventListener("input", (event) => {
      delete event.target.dataset.pasted;
      add();
      clearTimeout(waiting);
      waiting = setTimeout(save, 400);
    });
    addEventListener("pagehide", () => { if (waiting) save(); });
    discard.addEventListener("click", () => { waiting = 0; forget(); location.reload(); });
    restore();
  }
  add();
  form.querySelector('[aria-invalid="true"]')?.focus();
})();
