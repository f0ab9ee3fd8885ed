// Small comforts for pages that work without them: a form goes once, tells how many characters are left, adds up
// a budget, keeps what is being typed and records what is said; a page reads itself aloud and prints itself. No
// library, and no words of its own: what it says stands in the page, in the language of the page.
"use strict";

const SAVE_AFTER_MS = 3000;
const TRY_AGAIN_AFTER_MS = 30000;
const WAIT_AT_MOST_MS = 4000;

// A second press on a button sends nothing twice; after ten seconds one may try again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 10000);
});

// Coming back with the browser's back button, a form may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// A text that is read out when it changes: the same words are not said twice.
function tell(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// How many characters are left, counted as the server counts them.
function countDown(area) {
  const note = area.parentElement.querySelector("[data-left]");
  area.addEventListener("input", () => {
    const left = Number(area.dataset.most) - [...area.value.trim()].length;
    note.textContent = left < 0
      ? note.dataset.over.replace("{over}", -left)
      : note.dataset.left.replace("{left}", left);
  });
}

// Keeping what is typed. `note` stands in the form, says how it goes, and names the field that tells the server
// which answer this page had before it: when another one was kept elsewhere, keeping stops and nothing is lost.
function keepTyped(note) {
  const form = note.closest("form");
  let changed = false;
  let over = false;
  let timer = 0;
  let flight = null;
  // Sent, without an answer: it may have been kept. It goes again first, or its own text would pass for another's.
  let unsure = null;

  async function post(body, keepalive) {
    const answer = await fetch(form.getAttribute("action"), {
      method: "POST",
      body,
      headers: { accept: "application/json" },
      keepalive,
    });
    if (answer.status >= 500) throw new Error(answer.statusText);
    return answer;
  }

  async function hear(answer) {
    const ours = (answer.headers.get("content-type") || "").startsWith("application/json");
    const { said, seen, stop } = ours ? await answer.json() : { said: note.dataset.stopped, stop: true };
    if (seen !== undefined) {
      form.querySelector(`[name="${note.dataset.autosave}"]`).value = seen;
      form.dispatchEvent(new Event("kept"));
    }
    over = Boolean(stop);
    tell(note, said);
    if (unsure) {
      unsure = null;
      changed = true;
      soon(SAVE_AFTER_MS);
    }
  }

  function fail(body) {
    unsure = body;
    changed = true;
    tell(note, note.dataset.offline);
    soon(TRY_AGAIN_AFTER_MS);
  }

  function save(keepalive) {
    if (over || !changed) return;
    if (flight) return soon(SAVE_AFTER_MS);
    changed = false;
    const body = unsure || new URLSearchParams(new FormData(form));
    const own = post(body, keepalive).then(hear).catch(() => fail(body)).finally(() => {
      if (flight === own) flight = null;
    });
    flight = own;
  }

  function soon(after) {
    timer = timer || setTimeout(() => {
      timer = 0;
      save(false);
    }, after);
  }

  form.addEventListener("input", () => {
    changed = true;
    if (!over) soon(SAVE_AFTER_MS);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
  });
  // What is under way goes first: the form then carries the answer that it has before it.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    timer = 0;
    changed = false;
    if (!flight || !form.requestSubmit) return;
    event.preventDefault();
    Promise.race([flight, new Promise((done) => setTimeout(done, WAIT_AT_MOST_MS))]).then(() => {
      flight = null;
      form.requestSubmit(event.submitter);
    });
  });
}

const CURRENCY = "(?:€|euro'?s|euro|eur)";
const AROUND = new RegExp(`^${CURRENCY}\\s?|\\s?${CURRENCY}$`, "g");
const NO_CENTS = /\s?[.,]\s?(?:--?|–|—|=)?$/;
const AMOUNT = /^((?!0)\d{1,3}([.,' ])\d{3}(?:\2\d{3})*|\d+)(?:([.,])(\d{1,2}))?$/;
const MOST_CENTS = 1000000000;

// An amount as people write it in whole cents, read as grants/money.py reads it; null where that is for the server.
function cents(text) {
  const plain = text.trim().toLowerCase().replace(/[’‘`´]/g, "'").replace(/\s+/g, " ");
  const found = AMOUNT.exec(plain.replace(AROUND, "").replace(NO_CENTS, ""));
  if (!found || (found[2] && found[2] === found[3])) return null;
  const total = Number(found[1].replace(/\D/g, "")) * 100 + Number((found[4] || "0").padEnd(2, "0"));
  return total > MOST_CENTS ? null : total;
}

// Cents as this page writes them: € 1.250,50 in Dutch, €1,250.50 in English.
function euro(amount) {
  const [sign, thousand, point] = document.documentElement.lang === "en" ? ["€", ",", "."] : ["€\u00a0", ".", ","];
  const whole = String(Math.floor(amount / 100)).replace(/\B(?=(\d{3})+$)/g, thousand);
  return sign + whole + (amount % 100 ? point + String(amount % 100).padStart(2, "0") : "");
}

// The totals of a budget while it is typed. With an amount that cannot be read, what the server kept stands there.
function addUp(line) {
  const form = line.closest("form");
  let kept = line.textContent;
  let timer = 0;

  // What each source pays, with the least of what is asked; null where an amount cannot be read.
  function totals() {
    const sums = { wished: 0, least: 0, own: 0, others: 0, whole: 0 };
    for (const row of form.querySelectorAll(".mb-line")) {
      const typed = (part) => row.querySelector(`[name$=".${part}"]`).value.trim();
      const amount = (part) => (typed(part) ? cents(typed(part)) : 0);
      const source = typed("source");
      const [wished, least] = [amount("wished"), source === "fund" ? amount("least") : 0];
      if (wished === null || least === null) return null;
      sums[source === "fund" ? "wished" : source] += wished;
      sums.least += least;
      sums.whole += wished;
    }
    return sums;
  }

  function show() {
    const sums = totals();
    const said = line.dataset.sum + (sums && sums.whole > sums.wished ? line.dataset.whole : "");
    tell(line, sums ? said.replace(/\{(\w+)\}/g, (_, name) => euro(sums[name])) : kept);
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 500);
  });
  form.addEventListener("kept", () => {
    show();
    kept = line.textContent;
  });
}

const SILENT = "nav, button, input, select, textarea, svg, [hidden], [aria-hidden=true], details:not([open]) > :not(summary)";
const BLOCKS = "p, li, dt, dd, th, td, h1, h2, h3, h4, caption, figcaption, legend, label, summary, div, section, main";

function sentences(text, lang) {
  if (!Intl.Segmenter) return text.match(/[^.!?]+[.!?]*/g);
  return [...new Intl.Segmenter(lang, { granularity: "sentence" }).segment(text)].map((part) => part.segment);
}

// What stands in `main` for everybody to read, sentence by sentence, each with its language.
function readable(main) {
  const found = [];
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  for (let before = {}; walker.nextNode();) {
    const around = walker.currentNode.parentElement;
    if (around.closest(SILENT) || !around.getClientRects().length) continue;
    const block = around.closest(BLOCKS);
    const { lang } = around.closest("[lang]");
    if (before.block === block && before.lang === lang) before.text += walker.currentNode.data;
    else found.push((before = { block, lang, text: walker.currentNode.data }));
  }
  return found.map(({ lang, text }) => ({ lang, text: text.replace(/\s+/g, " ").trim() }))
    .filter(({ text }) => /[\p{L}\p{N}]/u.test(text))
    .flatMap(({ lang, text }) => sentences(text, lang).map((part) => ({ lang, text: part.trim() })));
}

// A voice of this device in a language. Others would send what a person reads to a company far away.
function voiceFor(lang) {
  const spoken = (voice) => voice.lang.toLowerCase().split(/[-_]/)[0];
  return speechSynthesis.getVoices().find((voice) => voice.localService && spoken(voice) === lang.split("-")[0]);
}

// "Lees voor": the button reads, pauses and goes on; the one behind it stops. A pause begins its sentence again,
// as browsers on telephones cannot pause.
function readAloud(go) {
  const halt = go.nextElementSibling;
  const said = halt.nextElementSibling;
  let queue = [];
  let at = 0;
  let state = "ready";
  let current = null;

  function show(next) {
    state = next;
    tell(go, go.dataset[next]);
    tell(said, said.dataset[next]);
    if (next === "ready" && document.activeElement === halt) go.focus();
    halt.hidden = next === "ready";
  }

  function hush(next) {
    current = null;
    speechSynthesis.cancel();
    show(next);
  }

  function speak() {
    if (at >= queue.length) return show("ready");
    const { text, lang } = queue[at];
    const own = new SpeechSynthesisUtterance(text);
    Object.assign(own, { lang, voice: voiceFor(lang) || null });
    own.onend = () => {
      if (own !== current) return;
      at += 1;
      speak();
    };
    own.onerror = () => own === current && hush("ready");
    current = own;
    speechSynthesis.speak(own);
  }

  function start() {
    if (state === "ready") [queue, at] = [readable(document.querySelector("main")), 0];
    show("reading");
    speak();
  }

  go.addEventListener("click", () => (state === "reading" ? hush("paused") : start()));
  halt.addEventListener("click", () => hush("ready"));
  window.addEventListener("pagehide", () => speechSynthesis.cancel());
}

// The button to read aloud shows where this device speaks the language of the page; voices may come later.
function offerToRead(go) {
  const offer = () => {
    if (!voiceFor(document.documentElement.lang)) return;
    speechSynthesis.removeEventListener("voiceschanged", offer);
    go.classList.remove("mb-later");
    readAloud(go);
  };
  speechSynthesis.addEventListener("voiceschanged", offer);
  offer();
}

const BITS_A_SECOND = 32000;
const ENDINGS = { "audio/mp4": "m4a", "audio/ogg": "ogg" };

// Recording an answer: what was said becomes the file of the form, and the form is sent at once. Without a line it
// stays in the form, for the button to send. Where the server says no, its page tells why.
function offerToRecord(place) {
  const [go, clock, said] = place.children;
  const form = place.closest("form");
  const add = form && form.querySelector("[name=knop-toevoegen]");
  const most = place.dataset.minutes * 60;
  let recorder = null;

  function time(seconds) {
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }

  function show(state) {
    tell(go, recorder ? go.dataset.stop : go.dataset.start);
    tell(said, said.dataset[state] || "");
  }

  async function send() {
    show("sending");
    const filled = new FormData(form);
    filled.append(add.name, add.value);
    try {
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body: filled });
      await answer.text();
      if (answer.ok) location.assign(answer.url);
      else form.requestSubmit(add);
    } catch {
      show("offline");
    }
  }

  function keep(pieces, type) {
    const box = new DataTransfer();
    box.items.add(new File(pieces, `opname.${ENDINGS[type] || "webm"}`, { type }));
    document.getElementById(place.dataset.record).files = box.files;
    if (pieces.length) send();
  }

  async function start() {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      return show("denied");
    }
    const pieces = [];
    let seconds = 0;
    const own = recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS_A_SECOND });
    const tick = setInterval(() => {
      tell(clock, `${time(seconds += 1)} / ${time(most)}`);
      if (seconds >= most && own.state === "recording") own.stop();
    }, 1000);
    own.ondataavailable = ({ data }) => data.size && pieces.push(data);
    own.onstop = () => {
      clearInterval(tick);
      for (const track of stream.getTracks()) track.stop();
      recorder = null;
      show("");
      keep(pieces, own.mimeType.split(";")[0]);
    };
    own.start(1000);
    show("running");
  }

  if (!add) return;
  place.hidden = false;
  go.addEventListener("click", () => (recorder ? recorder.stop() : start()));
}

function offerToPrint(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

document.querySelectorAll("textarea[data-most]").forEach(countDown);
document.querySelectorAll("[data-autosave]").forEach(keepTyped);
document.querySelectorAll("[data-sum]").forEach(addUp);
if (window.MediaRecorder && navigator.mediaDevices && window.DataTransfer) {
  document.querySelectorAll("[data-record]").forEach(offerToRecord);
}
document.querySelectorAll("[data-print]").forEach(offerToPrint);
if (window.speechSynthesis && speechSynthesis.addEventListener) {
  document.querySelectorAll("button[data-ready]").forEach(offerToRead);
}
