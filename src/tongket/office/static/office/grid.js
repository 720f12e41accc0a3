/* How does the paper form behave like a spreadsheet that loses nothing? This module puts
   the parts together; each grid-*.js says for itself what it answers. Without script the
   form is posted as any other. */

import { Block, choosing } from "./grid-block.js";
import { Boxes, EXPLAIN } from "./grid-boxes.js";
import { Sheet } from "./grid-cells.js";
import { clashes } from "./grid-clashes.js";
import { clipboard } from "./grid-clipboard.js";
import { doubt, explain, mark, reckon, Status } from "./grid-marks.js";
import { moving } from "./grid-moving.js";
import { keepForOffline } from "./grid-offline.js";
import { Others } from "./grid-others.js";
import { Queue, waitingDrafts } from "./grid-queue.js";
import { sending } from "./grid-send.js";
import { count, story } from "./grid-story.js";
import { beside, dialogs, filters, jumps, progress, rowTools, summary } from "./grid-tools.js";
import { Steps } from "./grid-undo.js";
import { clock, element, word } from "./grid-words.js";

const start = (form) => {
  const { draft, user } = form.dataset;
  const url = new URL(form.dataset.url, location.href).pathname;
  const sheet = new Sheet(form);
  sheet.boxes = new Boxes(sheet, explain);
  form.addEventListener("grid:explain", (event) => sheet.boxes.take(event.detail));
  const block = new Block(sheet);
  const steps = new Steps(sheet);
  const told = {};
  const queue = new Queue({ draft, url, user, told });
  const status = new Status(form, queue);

  rowTools(sheet);
  dialogs();
  const show = filters(sheet);
  let keysOf = () => false;
  const go = moving(sheet, block, (cell, event) => keysOf(cell, event));
  choosing(sheet, block, go);
  clipboard(sheet, block, (text) => status.say(text));
  jumps(sheet, go, show.show);
  const doubtful = summary(sheet, go, show.show);
  const cellStory = story(sheet, queue);

  const recount = () => {
    reckon(sheet);
    progress(sheet);
    show.count();
    doubtful.count();
  };
  const isAsked = "asked" in form.dataset;
  const judge = (findings = {}) => {
    for (const cell of sheet.cells) {
      const refused = queue.last(cell.key)?.refused;
      doubt(cell, findings[cell.key] ?? [], refused, isAsked);
    }
    recount();
  };

  // --- what the queue tells ---------------------------------------------------------------
  const clash = clashes(sheet, queue, (cell, isMine, { theirs, edit, version }) => {
    if (!cell) return;
    cell.seen = [version, edit];
    if (!isMine) {
      cell.kept = cell.input.value = theirs;
      mark(cell, "other");
    }
    recount();
    go(cell);
  });
  const states = () => {
    for (const [measure, chain] of queue.chains) {
      const cell = sheet.find(measure);
      if (!cell || !chain.length) continue;
      const [first] = chain;
      const state = first.clash ? "clash" : first.refused ? "wrong" : queue.trouble ? "waiting" : "saving";
      mark(cell, state, first.refused && measure.startsWith(EXPLAIN) ? first.refused : "");
    }
    status.show();
  };
  told.changed = states;
  told.saved = (row, isLast, version) => {
    const cell = sheet.find(row.measure);
    if (!cell) return;
    cell.seen = [version, row.edit];
    status.savedAt = Date.now();
    if (!isLast) return;
    if (!cell.isTyped) {
      cell.kept = row.text;
      if (!cell.isBox && cell.input.value !== row.text) {
        cell.input.value = row.text;
        if (cell.input === document.activeElement) cell.input.select();
      }
    }
    mark(cell, "saved", row.at ? clock(row.at) : "");
  };
  told.answered = (said) => {
    sheet.version = Math.max(sheet.version, said.version ?? 0);
    if ("last_edit" in said) others.lastEdit = Math.max(others.lastEdit, said.last_edit);
    judge(said.findings);
    states();
    if (said.conflicts?.length) clash.open();
  };
  sheet.whenLeft((changed) => {
    status.note = "";
    for (const [cell] of changed) {
      queue.put(cell.key, cell.text, cell.seen);
      mark(cell, queue.last(cell.key).clash ? "clash" : queue.trouble ? "waiting" : "saving");
    }
    recount();
    status.show();
  });
  const others = new Others(sheet, queue, {
    merged: (said, changed, isNewer) => {
      for (const [measure, number] of Object.entries(said.comments ?? {})) {
        const cell = sheet.byKey.get(measure);
        if (cell) count(cell, number);
      }
      judge(said.findings);
      states();
      if (isNewer) status.say(word("newer", { number: said.version }));
      else if (changed.length) status.say(word("others", { count: changed.length }));
    },
    heard: (isThere) => {
      status.isAway = !isThere;
      status.show();
    },
    gone: () => { if (queue.waiting.length) queue.soon(0); },
  });

  // --- keys of the whole page -----------------------------------------------------------------
  const turn = (isBack) => {
    const step = isBack ? steps.undo() : steps.redo();
    if (!step) return status.say(word(isBack ? "nothing_to_undo" : "nothing_to_redo"));
    if (step.cells[0]) go(step.cells[0]);
    const left = step.left ? word("undo_left", { count: step.left }) : "";
    return status.say([word(isBack ? "undone" : "redone", { count: step.cells.length }), left].join(" "));
  };
  const send = form.querySelector("[data-send]") &&
    sending(sheet, queue, { status, others, clash, go, summary: doubtful });
  const help = () => document.getElementById("keys")?.showModal();
  const everywhere = (event) => {
    const isFar = event.ctrlKey || event.metaKey;
    if (event.key === "F1" || (event.key === "?" && !isFar)) return help(), true;
    if (isFar && event.key === "Enter" && send) return send.ask(), true;
    if (event.key === "F9") return doubtful.next(sheet.of(document.activeElement)), true;
    if (event.key === "[" && !isFar) return beside("before"), true;
    if (event.key === "]" && !isFar) return beside("after"), true;
    return false;
  };
  keysOf = (cell, event) => {
    const isFar = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (isFar && (key === "z" || key === "y")) {
      if (key === "z" && !event.shiftKey && cell.isTyped) return false; // the text itself
      return turn(key === "z" && !event.shiftKey), true;
    }
    if (isFar && key === "a" && cell.input.dataset.mode !== "edit") {
      const all = sheet.reachable;
      block.clear();
      go(all.at(-1));
      return block.reach(all.at(-1), all[0]), true;
    }
    if (event.key === "F8") return cellStory.open(cell), true;
    if (event.key === "F2" && event.shiftKey) return cellStory.open(cell, true), true;
    return everywhere(event);
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || document.querySelector("dialog[open]")) return;
    const isText = event.target.matches("input, textarea, select");
    if (isText && event.key !== "F1" && event.key !== "F9" && event.key !== "Enter") return;
    if (event.key === "Enter" && !form.contains(event.target)) return;
    if (everywhere(event)) event.preventDefault();
  });

  // --- buttons ----------------------------------------------------------------------------------
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const cell = button && sheet.of(button.closest("tr")?.querySelector('input[name^="cell."]'));
    if (!cell) return;
    if ("fill" in button.dataset) sheet.write([[cell, button.dataset.fill]]);
    if ("story" in button.dataset) cellStory.open(cell);
  });
  document.querySelector("[data-help]")?.addEventListener("click", help);
  document.querySelector("[data-undo]")?.addEventListener("click", () => turn(true));
  document.querySelector("[data-redo]")?.addEventListener("click", () => turn(false));
  form.querySelector("[data-decide]")?.addEventListener("click", () => clash.open());
  form.addEventListener("input", (event) => { if (sheet.of(event.target)) recount(); });

  // --- what waited from before, here and in other returns ----------------------------------------------
  for (const [measure, chain] of queue.chains) {
    const cell = sheet.find(measure);
    if (!cell) continue;
    cell.kept = cell.input.value = chain.at(-1).text;
  }
  if (queue.entries.length) status.say(word("restored", { count: queue.entries.length }));
  const elsewhere = document.querySelector("[data-elsewhere]");
  for (const [other, place] of waitingDrafts(user)) {
    if (other === draft) continue;
    const rest = new Queue({ draft: other, url: place, user });
    rest.told.changed = () => {
      line.hidden = !rest.entries.length;
      elsewhere.hidden = ![...elsewhere.querySelectorAll("li")].some((each) => !each.hidden);
    };
    const count = rest.entries.length;
    const line = element("li", {}, element("a", { href: `${place.replace(/o\/$/, "")}nhap/`, text: word("elsewhere", { count }) }));
    elsewhere?.querySelector("ul").append(line);
    if (elsewhere) elsewhere.hidden = false;
    rest.soon(500);
  }
  for (const hidden of document.querySelectorAll("[data-scripted]")) hidden.hidden = false;
  addEventListener("beforeunload", (event) => {
    if (!queue.canStore && queue.entries.length) event.preventDefault();
  });
  recount();
  states();
  const prefilled = sheet.keepPrefilled();
  if (prefilled) status.say(word("prefilled", { count: prefilled }));
  if (!sheet.isReadOnly) queue.soon(0);
  others.look();
  form.querySelector('[aria-invalid="true"]')?.focus();
  form.dataset.ready = "";
  if (!sheet.isReadOnly) keepForOffline(form);
};

const form = document.getElementById("entry");
if (form) start(form);
