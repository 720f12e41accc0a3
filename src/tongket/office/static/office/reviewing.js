// Deciding by keyboard: n next, p previous, d approve, t reason for sending back; and a
// bulk decision that goes on by itself.
"use strict";

document.querySelector("form[data-goes-on]")?.requestSubmit();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest("input, textarea, select, dialog")) return;
  const here = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!here || here.disabled) return;
  event.preventDefault();
  if (here.matches("textarea")) here.focus();
  else here.click();
});

const all = document.querySelector("input[data-all]");
all?.addEventListener("change", () => {
  for (const box of document.querySelectorAll("input[name=chon]")) box.checked = all.checked;
});
