/* Two people typed in one cell: whose answer stands? Both are shown side by side with who
   and when; nothing is written over before somebody has chosen. */

import { clock, element, word } from "./grid-words.js";

export const clashes = (sheet, queue, decided) => {
  const dialog = document.getElementById("clashes");
  if (!dialog) return { open: () => {} };
  const body = dialog.querySelector("tbody");
  const apply = dialog.querySelector("[data-apply]");
  const heads = [...dialog.querySelectorAll("thead th")].map((each) => each.textContent);
  const choice = (measure, side, text, about) => {
    const id = `clash-${measure}-${side}`;
    const input = element("input", { type: "radio", name: `clash-${measure}`, value: side, id });
    const words = element("span", {}, element("strong", { text: text || word("blank") }),
      about && element("span", { class: "hint", text: about }));
    const label = heads[side === "mine" ? 1 : 2];
    return element("td", { "data-label": label }, element("label", { class: "choice", for: id }, input, words));
  };
  const row = ([measure, [{ text, clash }]]) => {
    const cell = sheet.find(measure);
    const by = clash.by ? word("by_at", { by: clash.by, at: clash.at ? clock(clash.at) : "" }) : "";
    const made = element("tr", { "data-measure": measure },
      element("th", { scope: "row", text: `${cell?.code ?? ""} ${cell?.label ?? clash.label}` }),
      choice(measure, "mine", text, word(clash.isThere ? "typed_here" : "you")),
      choice(measure, "theirs", clash.theirs, by));
    made.setAttribute("aria-label", cell?.label ?? clash.label);
    return made;
  };
  const chosen = () => [...body.rows].map((each) => [each.dataset.measure, each.querySelector("input:checked")?.value]);
  const ready = () => { apply.disabled = chosen().some(([, side]) => !side); };
  const open = () => {
    if (dialog.open || !queue.clashes.length) return;
    body.replaceChildren(...queue.clashes.map(row));
    ready();
    dialog.showModal();
    body.querySelector("input")?.focus();
  };
  body.addEventListener("change", ready);
  for (const button of dialog.querySelectorAll("[data-all]")) {
    button.addEventListener("click", () => {
      for (const input of body.querySelectorAll(`input[value="${button.dataset.all}"]`)) input.checked = true;
      ready();
      apply.focus();
    });
  }
  dialog.querySelector("form").addEventListener("submit", (event) => {
    if (event.submitter !== apply && event.submitter) return;
    for (const [measure, side] of chosen()) {
      if (!side) continue;
      const { clash } = queue.last(measure);
      queue.decide(measure, side === "mine");
      decided(sheet.find(measure), side === "mine", clash);
    }
  });
  return { open };
};
