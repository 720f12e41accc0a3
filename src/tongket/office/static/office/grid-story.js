/* What has become of one cell: sent, typed over, spoken about? Shown in a dialog, where
   something may also be said about the cell. */

import { ask } from "./grid-queue.js";
import { clock, element, word } from "./grid-words.js";

export const story = (sheet, queue) => {
  const dialog = document.getElementById("story");
  if (!dialog) return { open: () => {} };
  const title = dialog.querySelector("h2");
  const list = dialog.querySelector("ol");
  const told = dialog.querySelector("[role=status]");
  const box = dialog.querySelector("textarea");
  let cell = null;
  const address = (end = "") => `${queue.url}${cell.key}/${end}`;
  const line = (each) => {
    const about = [word("by_at", { by: each.by, at: clock(each.at) }), each.channel].filter(Boolean).join(" · ");
    const gaps = { text: each.text || word("blank"), number: each.version ?? "" };
    return element("li", { "data-kind": each.kind },
      element("span", { text: word(`story_${each.kind}`, gaps) }), element("span", { class: "hint", text: about }));
  };
  const load = async () => {
    told.textContent = word("loading");
    try {
      const { status, said } = await ask(address());
      if (status !== 200) throw new Error(said.sentence);
      const lines = said.story ?? [];
      list.replaceChildren(...lines.map(line));
      told.textContent = lines.length ? "" : word("story_none");
      count(cell, lines.filter((each) => each.kind === "comment").length);
    } catch (error) {
      told.textContent = error.message && error.name === "Error" ? error.message : word("story_offline");
    }
  };
  const open = (asked, isComment = false) => {
    cell = asked;
    sheet.leave(cell);
    title.textContent = `${cell.code} ${cell.label}`;
    list.replaceChildren();
    box.value = "";
    dialog.showModal();
    if (isComment) box.focus();
    return load();
  };
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    if (event.submitter?.value === "close" || !box.value.trim()) return;
    event.preventDefault();
    try {
      const { status, said } = await ask(address("y-kien/"), { text: box.value.trim() });
      if (status >= 300) throw new Error(said.sentence ?? word("story_unsent"));
      box.value = "";
      await load();
    } catch (error) {
      told.textContent = error.name === "Error" ? error.message : word("story_unsent"); // what was written stays
    }
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) dialog.querySelector("[data-say]").click();
  });
  dialog.addEventListener("close", () => cell?.input.focus());
  return { open };
};

/* How many comments a cell has, on its button. */
export const count = (cell, number) => {
  const button = cell.row.querySelector("[data-story]");
  if (!button) return;
  button.toggleAttribute("data-has", number > 0);
  button.querySelector(".comments").textContent = number ? String(number) : "";
};
