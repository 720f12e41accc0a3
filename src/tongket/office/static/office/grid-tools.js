/* How does one find the way in a long form? Filters, the jump to a section, what is still
   doubtful, how far one has come, and the units beside. */

import { doubts } from "./grid-marks.js";
import { element, word } from "./grid-words.js";

/* Buttons in each row, for fingers: the four nothings, and the story of the cell. */
export const rowTools = (sheet) => {
  const model = document.getElementById("row-tools");
  if (!model) return;
  for (const cell of sheet.cells) {
    const tools = model.content.cloneNode(true);
    const may = cell.input.dataset.may?.split(" ");
    for (const button of tools.querySelectorAll("button")) {
      const { state } = button.dataset;
      if (sheet.isReadOnly && "fill" in button.dataset) button.remove();
      else if (state && may && !may.includes(state)) button.disabled = true;
      button.setAttribute("aria-label", `${button.title}: ${cell.label}`);
    }
    cell.input.closest("td").append(tools);
  }
};

export const filters = (sheet) => {
  const buttons = [...document.querySelectorAll("[data-show]")];
  const isShown = {
    all: () => true,
    blank: (cell) => cell.isBlank,
    doubtful: (cell) => Boolean(cell.refused) || cell.state === "clash" || (!cell.isBlank && cell.findings.length > 0),
  };
  const show = (name) => {
    for (const cell of sheet.cells) {
      cell.row.hidden = !isShown[name](cell);
      const next = cell.row.nextElementSibling;
      if (next?.matches(".said")) next.hidden = cell.row.hidden;
    }
    for (const group of sheet.form.querySelectorAll("tbody")) {
      group.hidden = [...group.querySelectorAll("tr.line")].every((row) => row.hidden);
    }
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.show === name));
    const none = document.querySelector("[data-none]");
    if (none) none.hidden = sheet.reachable.length > 0;
  };
  for (const button of buttons) button.addEventListener("click", () => show(button.dataset.show));
  const count = () => {
    for (const button of buttons) {
      const place = button.querySelector("[data-count]");
      if (place) place.textContent = String(sheet.cells.filter(isShown[button.dataset.show]).length);
    }
  };
  return { show, count };
};

export const jumps = (sheet, go, show) => {
  const select = document.querySelector("[data-jump]");
  if (!select) return;
  for (const group of sheet.form.querySelectorAll("tbody")) {
    select.append(element("option", { value: group.id, text: group.querySelector("tr.group").textContent.trim() }));
  }
  select.addEventListener("change", () => {
    const first = sheet.cells.find((cell) => cell.section.id === select.value);
    if (!first) return;
    if (first.isHidden) show("all");
    first.section.scrollIntoView();
    go(first);
    select.value = "";
  });
};

/* The list of what is doubtful; each line leads to its cell. */
export const summary = (sheet, go, show) => {
  const dialog = document.getElementById("doubts");
  const button = document.querySelector("[data-doubts]");
  const jump = (cell) => {
    if (cell.isHidden) show("all");
    go(cell);
    cell.row.scrollIntoView({ block: "center" });
  };
  const open = () => {
    const list = dialog.querySelector("ul");
    list.replaceChildren(...doubts(sheet).map(({ cell, severity, sentence }) => {
      const tone = { MUST_FIX: "bad", MUST_EXPLAIN: "warn" }[severity] ?? "info";
      const link = element("button", { type: "button", class: "button quiet", text: `${cell.code} ${cell.label}` });
      link.addEventListener("click", () => { dialog.close(); jump(cell); });
      return element("li", { class: "finding", "data-tone": tone },
        element("div", { class: "finding-head" },
          element("span", { class: "badge", "data-tone": tone, text: word(severity) }), link),
        element("p", { text: sentence }));
    }));
    dialog.showModal();
  };
  button?.addEventListener("click", open);
  const count = () => {
    const found = doubts(sheet);
    if (!button) return;
    button.hidden = !found.length;
    button.textContent = word("doubts", { count: found.length });
  };
  /* The next doubtful cell below the one that is focused, round the end. */
  const next = (cell) => {
    const found = [...new Set(doubts(sheet).map((each) => each.cell))].sort((a, b) => sheet.cells.indexOf(a) - sheet.cells.indexOf(b));
    const after = found.find((each) => sheet.cells.indexOf(each) > sheet.cells.indexOf(cell)) ?? found[0];
    if (after) jump(after);
  };
  return { open, count, next };
};

export const progress = (sheet) => {
  const bar = sheet.form.querySelector(".how-far progress");
  const words = sheet.form.querySelector("[data-how-far]");
  if (!bar) return;
  bar.max = sheet.cells.length;
  bar.value = sheet.filled;
  words.textContent = word("how_far", { filled: sheet.filled, all: sheet.cells.length });
};

/* The page of the unit before or after, if there is one. */
export const beside = (side) => {
  const link = document.querySelector(`[data-beside="${side}"]`);
  if (!link) return false;
  location.assign(link.href);
  return true;
};

/* Close buttons of every dialog, also where the dialog holds no form. */
export const dialogs = () => {
  for (const button of document.querySelectorAll("dialog [data-close]")) {
    button.addEventListener("click", () => button.closest("dialog").close());
  }
};
