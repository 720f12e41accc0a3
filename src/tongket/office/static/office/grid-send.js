/* When may the return be sent? Once every cell is saved, nothing clashes, and the sender
   has read how many cells are still blank or doubtful. Without a line nothing is sent. */

import { doubts } from "./grid-marks.js";
import { element, word } from "./grid-words.js";
import { csrf } from "./grid-queue.js";

export const sending = (sheet, queue, tools) => {
  const { form } = sheet;
  const dialog = document.getElementById("send");
  const button = form.querySelector("[data-send]");
  const { status, others, clash, go, summary } = tools;
  let isSure = false;

  const hindered = async () => {
    const arrived = await queue.settle();
    if (queue.clashes.length) return clash.open(), true;
    if (queue.refusals.length) {
      go(sheet.find(queue.refusals[0][0]));
      status.say("");
      return true;
    }
    if (!arrived || !(await others.look())) {
      const count = queue.waiting.length;
      status.say(word(queue.trouble === "session" ? "unsent_session" : "unsent", { count }));
      return true;
    }
    return false;
  };

  const lines = () => {
    const found = doubts(sheet);
    const blank = sheet.cells.length - sheet.filled;
    const wanting = found.filter(({ cell, severity }) =>
      severity === "MUST_EXPLAIN" && !form.elements[`explain.${cell.key}`]?.value.trim());
    const fixes = found.filter((each) => each.severity === "MUST_FIX");
    return [
      word("send_filled", { filled: sheet.filled, all: sheet.cells.length }),
      blank && word("send_blank", { count: blank }),
      fixes.length && word("send_fix", { count: fixes.length }),
      wanting.length && word("send_explain", { count: wanting.length }),
    ].filter(Boolean);
  };

  const ask = async () => {
    const cell = sheet.of(document.activeElement) ?? sheet.boxes.of(document.activeElement);
    if (cell) sheet.leave(cell);
    status.say(word("checking"));
    const isHindered = await hindered();
    if (isHindered) return;
    status.say("");
    dialog.querySelector("ul").replaceChildren(...lines().map((text) => element("li", { text })));
    dialog.returnValue = "";
    dialog.showModal();
    (dialog.querySelector('[value="next"]') ?? dialog.querySelector('[value="send"]')).focus();
  };

  dialog.addEventListener("close", () => {
    if (!["send", "next"].includes(dialog.returnValue)) return button.focus();
    isSure = true;
    form.elements.version.value = sheet.version;
    form.elements.edits_seen.value = others.lastEdit;
    form.elements.then.value = dialog.returnValue === "next" ? "next" : "";
    form.elements.csrfmiddlewaretoken.value = csrf();
    form.requestSubmit(button);
    return undefined;
  });
  form.addEventListener("submit", (event) => {
    if (isSure) return;
    event.preventDefault();
    ask();
  });
  return { ask, summary };
};
