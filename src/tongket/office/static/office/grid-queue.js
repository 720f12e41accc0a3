/* How does no edit get lost? Each is written down on this machine with a token of its own
   before it is sent, sent in order, and struck out only when the server says it is kept.
   A repeated token is answered like the first time, so sending again is safe. */

const PREFIX = "tongket:o:";
const LONGEST = 30_000;
const PATIENCE = 20_000;
const BATCH = 200;

/* Also on a plain http address, where crypto.randomUUID is missing. */
const token = () => {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

/* The cookie is fresh also after signing in again in another tab. */
export const csrf = () =>
  /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ??
  document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

/* Ask the server; throws only when there is no line. */
export const ask = async (url, body) => {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const answer = await fetch(url, {
      method: body ? "POST" : "GET",
      headers: {
        Accept: "application/json",
        ...(body && { "Content-Type": "application/json", "X-CSRFToken": csrf() }),
      },
      body: body && JSON.stringify(body),
      credentials: "same-origin",
      redirect: "manual", // a redirect means the door: the session is gone
      cache: "no-store",
      signal: patience.signal,
    });
    const status = answer.type === "opaqueredirect" ? 401 : answer.status;
    const said = await answer.json().catch(() => ({}));
    return { status, said };
  } finally {
    clearTimeout(timer);
  }
};

/* The drafts of one person on this machine that still have something to send. */
export const waitingDrafts = (user) => {
  const found = new Map();
  try {
    for (let at = 0; at < localStorage.length; at += 1) {
      const key = localStorage.key(at);
      if (!key.startsWith(`${PREFIX}${user}:`)) continue;
      const draft = key.slice(PREFIX.length, key.lastIndexOf("|"));
      const { url } = JSON.parse(localStorage.getItem(key));
      found.set(draft, url);
    }
  } catch { /* nothing kept here */ }
  return found;
};

/* The edits of one return. An entry is {token, text, over, version, tried} and perhaps
   `clash` (another person's text) or `refused` (a sentence); of one cell at most two
   wait: the one on its way, and what was typed since. */
export class Queue {
  constructor({ draft, url, user, told = {} }) {
    Object.assign(this, { draft, url, user, told });
    this.chains = new Map();
    this.isSending = false;
    this.trouble = ""; // "", "line", "session", "closed"
    this.canStore = true;
    this.delay = 1000;
    this.load();
    addEventListener("online", () => this.soon(0));
    addEventListener("focus", () => this.trouble && this.soon(0));
    document.addEventListener("visibilitychange", () => !document.hidden && this.trouble && this.soon(0));
  }

  place(measure) { return `${PREFIX}${this.draft}|${measure}`; }

  load() {
    try {
      const start = this.place("");
      for (const key of Object.keys(localStorage)) {
        if (!key.startsWith(start)) continue;
        const { chain } = JSON.parse(localStorage.getItem(key));
        for (const entry of chain) entry.tried = true; // nobody knows how far it came
        this.chains.set(key.slice(start.length), chain);
      }
    } catch { this.canStore = false; }
  }

  store(measure) {
    const chain = this.chains.get(measure);
    if (chain && !chain.length) this.chains.delete(measure);
    try {
      if (!chain?.length) localStorage.removeItem(this.place(measure));
      else localStorage.setItem(this.place(measure), JSON.stringify({ url: this.url, chain }));
      this.canStore = true;
    } catch { this.canStore = false; }
  }

  get entries() { return [...this.chains.values()].flat(); }
  get waiting() { return [...this.chains].filter(([, [first]]) => first && !first.clash && !first.refused); }
  get clashes() { return [...this.chains].filter(([, [first]]) => first?.clash); }
  get refusals() { return [...this.chains].filter(([, [first]]) => first?.refused); }

  last(measure) { return this.chains.get(measure)?.at(-1); }

  /* Keep an edit and send it as soon as may be. */
  put(measure, text, [version, over]) {
    const chain = this.chains.get(measure) ?? [];
    this.chains.set(measure, chain);
    const last = chain.at(-1);
    if (last && (!last.tried || last.clash || last.refused)) {
      Object.assign(last, { text, token: token() });
      delete last.refused; // a clash stays until it is decided
    } else {
      chain.push({ token: token(), text, over: last ? null : over, version });
    }
    this.store(measure);
    this.soon(20); // a pasted block goes as one
  }

  /* Decide a clash: send mine over theirs; or drop mine, which the server knows already
     where the clash lies between what was typed and what was sent (`isThere`). */
  decide(measure, isMine) {
    const [first] = this.chains.get(measure);
    const { edit, version, theirs, isThere } = first.clash;
    const text = isMine ? first.text : theirs;
    this.chains.set(measure, isMine || isThere ? [{ token: token(), text, over: edit, version }] : []);
    this.store(measure);
    this.soon(0);
  }

  /* Cells typed before a version came by another way that says otherwise. */
  undecided(rows, version) {
    const open = new Set((rows ?? []).map((row) => row.measure));
    for (const [measure, [first]] of this.clashes) {
      if (!first.clash.isThere || open.has(measure)) continue;
      this.chains.set(measure, []); // somebody else has decided
      this.store(measure);
    }
    for (const row of rows ?? []) {
      if (this.chains.get(row.measure)?.length) continue;
      const clash = { ...row, version, isThere: true };
      this.chains.set(row.measure, [{ token: token(), text: row.yours, over: row.edit, version, clash }]);
    }
  }

  soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), wait);
  }

  /* One batch goes at a time; also of two tabs, where the browser can tell. */
  async send() {
    if (this.isSending || !this.waiting.length) return;
    this.isSending = true;
    this.told.changed?.();
    const once = () => this.exchange();
    await (navigator.locks ? navigator.locks.request(`tongket ${this.draft}`, once) : once());
    this.isSending = false;
    this.told.changed?.();
    if (!this.waiting.length) return;
    if (!this.trouble) this.soon(0);
    else if (this.trouble !== "closed") {
      this.soon(this.delay);
      this.delay = Math.min(this.delay * 2, LONGEST);
    }
  }

  async exchange() {
    const waiting = this.waiting;
    const batch = waiting.slice(0, BATCH);
    for (const [, [first]] of batch) first.tried = true;
    const version = Math.min(...batch.map(([, [first]]) => first.version));
    const edits = batch.map(([measure, [{ token: own, text, over, version: saw }]]) =>
      ({ token: own, measure, text, over, version: saw }));
    try {
      const { status, said } = await ask(this.url, { version, edits, user: this.user });
      if (status === 200 || status === 409) this.settled(said);
      else if (status === 401 || status === 403) Object.assign(this, { trouble: "session", reason: said.sentence ?? "" });
      else if (status >= 500 || status === 429) this.trouble = "line";
      else Object.assign(this, { trouble: "closed", reason: said.sentence ?? said.sentences?.join(" ") ?? "" });
    } catch {
      this.trouble = "line";
    }
  }

  settled(said) {
    this.trouble = "";
    this.delay = 1000;
    const each = (rows, take) => {
      for (const row of rows ?? []) {
        const chain = this.chains.get(row.measure);
        if (chain?.[0]?.token === row.token) take(row, chain);
        if (chain) this.store(row.measure);
      }
    };
    each(said.saved, (row, chain) => {
      chain.shift();
      if (chain.length) Object.assign(chain[0], { over: row.edit, version: said.version });
      this.told.saved?.(row, !chain.length, said.version);
    });
    each(said.refused, (row, chain) => {
      const [first, next] = chain;
      if (next) chain.splice(0, 2, { ...next, over: first.over, version: first.version });
      else first.refused = row.sentence;
    });
    each(said.conflicts, (row, chain) => {
      const [first] = chain;
      first.clash = { ...row, version: said.version };
      first.text = chain.at(-1).text;
      chain.length = 1;
    });
    this.undecided(said.undecided, said.version);
    this.told.answered?.(said);
  }

  /* Wait until nothing is on its way; true when everything arrived. */
  async settle(patience = 8000) {
    const end = Date.now() + patience;
    this.soon(0);
    while (this.waiting.length && Date.now() < end) {
      if (this.trouble && !this.isSending) break;
      await new Promise((done) => setTimeout(done, 30));
    }
    return !this.entries.length;
  }
}
