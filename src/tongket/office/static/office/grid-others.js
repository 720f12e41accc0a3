/* What did others change meanwhile? Asked every half minute while the page is looked at,
   less often where nobody else is at work; cells that nobody touched here take the new
   answer and are marked. */

import { ask } from "./grid-queue.js";
import { mark } from "./grid-marks.js";
import { clock, word } from "./grid-words.js";

const EVERY = 30_000;
const SELDOM = 240_000; // ten thousand open forms must not keep a server busy

export class Others {
  constructor(sheet, queue, told) {
    Object.assign(this, { sheet, queue, told });
    this.lastEdit = 0;
    this.wait = EVERY;
    document.addEventListener("visibilitychange", () => !document.hidden && this.look());
    addEventListener("focus", () => this.look());
    addEventListener("online", () => this.look());
    this.later();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (document.hidden ? this.later() : this.look()), this.wait);
  }

  /* Ask once; true when the server answered. */
  async look() {
    if (this.isLooking) return false;
    this.isLooking = true;
    let answer = null;
    try { answer = await ask(this.queue.url); } catch { /* the queue tells of a lost line */ }
    this.isLooking = false;
    this.told.heard?.(Boolean(answer));
    if (answer?.status === 401) this.told.gone?.();
    if (answer?.status === 200) this.merge(answer.said);
    this.later();
    return answer?.status === 200;
  }

  merge(said) {
    const isNewer = said.version > this.sheet.version;
    const changed = [];
    for (const [measure, now] of Object.entries(said.cells ?? {})) {
      const cell = this.sheet.byKey.get(measure);
      if (!cell || this.queue.last(measure)) continue;
      if (!this.sheet.take(cell, now.text, [said.version, now.edit ?? 0])) continue;
      changed.push(cell);
      const about = now.by ? word("by_at", { by: now.by, at: now.at ? clock(now.at) : "" }) : "";
      mark(cell, "other", about);
    }
    for (const [name, { text, edit }] of Object.entries(said.words ?? {})) {
      if (this.queue.last(name)) continue;
      if (!this.sheet.boxes.hear(name, text, [said.version, edit])) continue;
      changed.push(this.sheet.find(name));
      mark(changed.at(-1), "other");
    }
    this.wait = changed.length ? EVERY : Math.min(this.wait * 2, SELDOM);
    this.queue.undecided(said.undecided, said.version);
    this.lastEdit = Math.max(this.lastEdit, said.last_edit ?? 0);
    this.sheet.version = Math.max(this.sheet.version, said.version);
    this.told.merged?.(said, changed, isNewer);
  }
}
