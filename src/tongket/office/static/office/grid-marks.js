/* What is shown at each cell and in the line of status? Never by colour alone: every
   state has a sign and words. */

import { counted, rounded, shown, signed } from "./grid-numbers.js";
import { clock, element, word } from "./grid-words.js";

const SIGNS = { saving: "…", saved: "✓", waiting: "⇡", clash: "≠", wrong: "▲", other: "●" };
const WEIGHTS = ["MUST_FIX", "MUST_EXPLAIN", "NOTE"];

/* The state of one cell: its sign, and its words for those who ask or listen. */
export const mark = (cell, state, detail = "") => {
  cell.state = state;
  const place = cell.row.querySelector(".cell-state");
  if (!place) return;
  if (!state) {
    place.replaceChildren();
    place.removeAttribute("data-state");
    place.removeAttribute("title");
    return;
  }
  const words = [word(`state_${state}`), detail].filter(Boolean).join(" ");
  if (place.dataset.state === state && place.title === words) return;
  place.dataset.state = state;
  place.title = words;
  place.replaceChildren(
    element("span", { "aria-hidden": "true", text: SIGNS[state] }),
    element("span", { class: "words", text: word(`state_${state}`) }),
  );
};

/* The row below a cell where it is said what is doubtful about it. */
const saidRow = (cell) => {
  const next = cell.row.nextElementSibling;
  if (next?.classList.contains("said")) return next;
  const place = element("td", { colspan: cell.row.children.length });
  place.append(element("span", { id: `said-${cell.key}`, class: "sentences" }));
  const row = element("tr", { class: "said" }, place);
  cell.row.after(row);
  return row;
};

/* A box for the words of the sender, asked for where a finding wants explaining. */
const explanation = (cell, row) => {
  const found = row.querySelector("textarea");
  if (found) return found;
  const id = `explain-${cell.key}`;
  const name = `explain.${cell.key}`;
  const box = element("textarea", { id, name, rows: 2, maxlength: 1000, placeholder: " ", form: "entry", readonly: cell.input.readOnly });
  row.firstElementChild.append(
    element("label", { for: id, text: word("explain", { number: cell.code }) }),
    element("span", { class: "cell-state" }), box);
  cell.input.form.dispatchEvent(new CustomEvent("grid:explain", { detail: box }));
  return box;
};

/* The box of a row, shown also where nothing asks for it: somebody explained the row. */
export const explain = (cell) => {
  const row = saidRow(cell);
  row.hidden = cell.row.hidden;
  return explanation(cell, row);
};

/* Say at a cell what is doubtful about it. A blank that nobody has sent is no fault yet. */
export const doubt = (cell, findings, refused, isAsked) => {
  cell.findings = findings;
  cell.refused = refused ?? "";
  const told = refused || (cell.isBlank && !isAsked) ? [] : findings;
  const sentences = [refused, ...told.map((each) => each.sentence)].filter(Boolean);
  const isError = Boolean(refused) || told.some((each) => each.severity === "MUST_FIX");
  const tone = isError ? "error" : told.length ? "warning" : "";
  cell.input.closest("td").dataset.mark = tone;
  cell.input.toggleAttribute("aria-invalid", false);
  if (isError) cell.input.setAttribute("aria-invalid", "true");
  const wants = told.some((each) => each.severity === "MUST_EXPLAIN");
  const existing = cell.row.nextElementSibling?.matches(".said") ? cell.row.nextElementSibling : null;
  const box = existing?.querySelector("textarea");
  const isTold = box?.value || box === document.activeElement;
  const reason = existing?.querySelector("[data-reason]"); // why it was sent back: stays
  const isShown = Boolean(sentences.length || isTold || reason);
  const notes = ["state", isShown && "said", "sum", "summed"].filter(Boolean);
  const about = notes.map((note) => `${note}-${cell.key}`).filter((id) => document.getElementById(id) || id.startsWith("said"));
  cell.input.setAttribute("aria-describedby", about.join(" "));
  if (!isShown) return existing?.remove();
  const row = existing ?? saidRow(cell);
  row.dataset.mark = tone;
  row.hidden = cell.row.hidden;
  const place = row.querySelector(`#said-${CSS.escape(cell.key)}`);
  const found = sentences.map((text) => element("span", { class: "cell-note", text }));
  place.replaceChildren(...(reason ? [reason] : []), ...found);
  if (wants) explanation(cell, row);
};

/* The findings of a sheet with their cells, the gravest first. */
export const doubts = (sheet) =>
  sheet.cells
    .filter((cell) => cell.refused || (!cell.isBlank && cell.findings.length))
    .flatMap((cell) => cell.refused
      ? [{ cell, severity: "MUST_FIX", sentence: cell.refused }]
      : cell.findings.map((each) => ({ cell, ...each })))
    .sort((one, other) => WEIGHTS.indexOf(one.severity) - WEIGHTS.indexOf(other.severity));

/* Sums, and the difference from the period before, while typing. */
export const reckon = (sheet) => {
  for (const cell of sheet.cells) {
    const note = cell.row.querySelector(".change-note");
    const before = cell.row.querySelector("td.before")?.dataset.typed ?? "";
    const change = counted(cell.text) - counted(before);
    if (note) note.textContent = Number.isNaN(change) ? "" : signed(change);
    const apart = cell.row.querySelector(".summed-note");
    const summed = counted(cell.row.querySelector("td.summed")?.dataset.typed ?? "");
    const difference = counted(cell.text) - summed;
    const isApart = Boolean(rounded(difference || 0));
    if (apart) apart.textContent = isApart ? word("summed", { difference: signed(difference) }) : "";
    if (cell.input.dataset.adds) addUp(sheet, cell);
  }
};

const addUp = (sheet, whole) => {
  const note = whole.row.querySelector(".sum-note");
  const parts = whole.input.dataset.adds.split(" ").map((key) => counted(sheet.byKey.get(key)?.text ?? ""));
  const sum = rounded(parts.reduce((total, part) => total + (part || 0), 0));
  note.textContent = parts.every(Number.isNaN) ? "" : word("adds_up", { sum: shown(sum) });
  note.toggleAttribute("data-differs", !parts.some(Number.isNaN) && sum !== counted(whole.text));
};

/* The one line that says whether everything is safe. */
export class Status {
  constructor(form, queue) {
    this.place = form.querySelector(".saved");
    this.door = form.querySelector("[data-door]");
    this.decide = form.querySelector("[data-decide]");
    this.queue = queue;
    this.savedAt = null;
    this.note = "";
    this.isAway = false;
  }

  /* Something the person just did, until the next save is told. */
  say(text) {
    this.note = text;
    this.show();
  }

  get words() {
    const { queue } = this;
    const count = queue.waiting.length;
    if (!queue.canStore && queue.entries.length) return word("unstored");
    if (queue.trouble === "session" && count) return word("session", { count, reason: queue.reason || word("session_over") });
    if (queue.trouble === "closed" && count) return [queue.reason, word("held", { count })].filter(Boolean).join(" ");
    if (queue.trouble === "line" && count) return word("line", { count });
    if (this.isAway) return word("away");
    if (queue.clashes.length) return word("clashes", { count: queue.clashes.length });
    if (queue.refusals.length) return word("refusals", { count: queue.refusals.length });
    return this.savedAt ? word("saved", { time: clock(this.savedAt) }) : "";
  }

  show() {
    if (!this.place) return;
    const text = [this.note, this.words].filter(Boolean).join(" ");
    const isQuiet = this.queue.isSending && !this.queue.trouble;
    clearTimeout(this.late);
    if (isQuiet) { // most saves are over before anybody could read that they go on
      this.late = setTimeout(() => { this.place.textContent = word("saving"); }, 600);
    }
    if (this.place.textContent !== text) this.place.textContent = text;
    this.place.dataset.trouble = this.queue.trouble || (this.queue.canStore ? "" : "store");
    if (this.door) this.door.hidden = this.queue.trouble !== "session" || !this.queue.waiting.length;
    if (this.decide) this.decide.hidden = !this.queue.clashes.length;
  }
}
