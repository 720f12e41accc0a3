/* What does a reader's browser do beyond showing the page? Counts one view, reads aloud,
   brings the rating form in place, opens the "why" that a link leads to. */
(() => {
  const one = (selector) => document.querySelector(selector);
  const article = one("[data-view]");

  const openTarget = () => {
    const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const why = row?.matches(".figure-row") && row.nextElementSibling.querySelector("details");
    if (why) why.open = true;
  };
  addEventListener("hashchange", openTarget);
  openTarget();

  one("[data-print]")?.addEventListener("click", () => print());
  if (!article) return;

  /* One view after five seconds in sight; the browser's cache makes it one a day. */
  let seen = 0;
  const watch = setInterval(() => {
    if (document.visibilityState !== "visible" || document.prerendering) return;
    if (++seen < 5) return;
    clearInterval(watch);
    new Image().src = article.dataset.view;
  }, 1000);

  const place = one("[data-rate]");
  if (place) {
    fetch(place.dataset.rate).then((answer) => answer.text()).then((text) => {
      const form = new DOMParser().parseFromString(text, "text/html").getElementById("rating-form");
      if (!form) return;
      form.querySelector("legend").className = "visually-hidden";
      place.replaceChildren(form);
    }).catch(() => { /* the link to the form stays */ });
  }

  /* Reading aloud, sentence by sentence: long utterances break off in some browsers. */
  const buttons = Object.fromEntries(["play", "pause", "stop"].map((name) => [name, one(`[data-speak=${name}]`)]));
  const body = one("[data-read]");
  const engine = window.speechSynthesis;
  const words = {
    UBND: "Ủy ban nhân dân", HĐND: "Hội đồng nhân dân", MTTQ: "Mặt trận Tổ quốc", ANTQ: "an ninh Tổ quốc",
    ANTT: "an ninh trật tự", PCTPTNXH: "phòng, chống tội phạm, tệ nạn xã hội", "KT-XH": "kinh tế xã hội",
    BCĐ: "Ban Chỉ đạo", TNGT: "tai nạn giao thông", "NĐ-CP": "nghị định Chính phủ",
  };
  const spoken = (text) => text
    .replace(/[A-ZĐ][A-ZĐ-]+/g, (short) => words[short] || short)
    .replace(/(\d+)\/\1(?!\d|\/)/g, "$1 trên $1")
    .replace(/(\d)\.(?=\d{3})/g, "$1")
    .replace(/^- /, "")
    .replace(/(\d{2}\/\d{2}\/\d{4})[–-](?=\d)/g, "$1 đến ");

  const pieces = [];
  const cut = () => {
    for (const block of body.querySelectorAll("p, h2, figcaption")) {
      const nodes = [];
      const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) nodes.push(walker.currentNode);
      const text = nodes.map((node) => node.data).join("");
      const caption = block.matches("figcaption") ? "Chú thích ảnh: " : "";
      for (const { 0: part, index } of text.matchAll(/[^]{1,170}?(?:[.!?…;:](?=\s|$)|$)|[^]{40,170},\s|[^]{1,170}(?:\s|$)/g)) {
        if (part.trim()) pieces.push({ nodes, start: index, end: index + part.length, say: caption + spoken(part.trim()) });
      }
    }
  };
  const mark = ({ nodes, start, end }) => {
    if (!window.Highlight) return;
    const range = new Range();
    let passed = 0;
    for (const node of nodes) {
      const after = passed + node.length;
      if (start >= passed && start < after) range.setStart(node, start - passed);
      if (end > passed && end <= after) range.setEnd(node, end - passed);
      passed = after;
    }
    CSS.highlights.set("speaking", new Highlight(range));
    const box = range.getBoundingClientRect();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (!still && (box.top < 0 || box.bottom > innerHeight)) scrollBy({ top: box.top - innerHeight / 3, behavior: "smooth" });
  };

  let at = 0;
  let isReading = false;
  let voice = null;
  const show = () => {
    buttons.play.setAttribute("aria-pressed", isReading);
    buttons.pause.disabled = !isReading;
    buttons.stop.disabled = !isReading && at === 0;
    one("[data-speak-place]").textContent = at || isReading ? `${at + 1}/${pieces.length}` : "";
  };
  const halt = () => { isReading = false; engine.cancel(); };
  const stop = () => { halt(); at = 0; window.Highlight && CSS.highlights.delete("speaking"); show(); };
  const speak = () => {
    if (at >= pieces.length) return stop();
    const piece = pieces[at];
    const utterance = new SpeechSynthesisUtterance(piece.say);
    utterance.voice = voice;
    utterance.lang = "vi-VN";
    utterance.onend = () => { if (isReading && pieces[at] === piece) { at += 1; speak(); } };
    mark(piece);
    show();
    engine.speak(utterance);
  };
  /* Only a voice on this device: others would send the text to their maker. */
  const findVoice = () => {
    voice = engine?.getVoices().find((each) => each.lang.toLowerCase().startsWith("vi") && each.localService) || null;
    buttons.play.disabled = !voice;
    one("[data-speak-none]").hidden = Boolean(voice);
  };
  buttons.play.addEventListener("click", () => {
    if (isReading) return;
    if (!pieces.length) cut();
    isReading = true;
    speak();
  });
  buttons.pause.addEventListener("click", () => { halt(); show(); });
  buttons.stop.addEventListener("click", stop);
  addEventListener("pagehide", () => engine?.cancel());
  engine?.addEventListener?.("voiceschanged", findVoice);
  findVoice();
})();
