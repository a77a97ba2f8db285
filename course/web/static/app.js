/* Everything works without this file. It saves as one answers, leaves by the keyboard, keeps the place of reading. */
(() => {
  "use strict";
  const page = document.documentElement;
  // In the frame of another site a browser may deny it. Answers are saved all the same, they only do not outlive the page.
  const kept = (() => { try { return sessionStorage; } catch { return null; } })();
  const tokenOf = (root) => (root.querySelector("[name=csrf_token]") || {}).value || "";

  // Quick exit: its link, or Shift three times within five seconds.
  const exit = document.querySelector(".exit");
  let presses = [];

  function leave() {
    page.classList.add("leaving");
    document.title = " ";
    kept?.clear();
    // The page of a learning platform around ours names the course, too.
    try { top.location.replace(exit.href); } catch { location.replace(exit.href); }
  }
  if (exit) {
    exit.addEventListener("click", (event) => { event.preventDefault(); leave(); });
    addEventListener("keydown", (event) => {
      if (event.key !== "Shift") { presses = []; return; }
      if (event.repeat) return;
      presses = presses.filter((time) => event.timeStamp - time < 5000).concat(event.timeStamp);
      if (presses.length === 3) leave();
    });
    addEventListener("pageshow", (event) => { if (event.persisted && page.classList.contains("leaving")) location.reload(); });
  }

  const summary = document.querySelector(".error-summary");
  if (summary) summary.focus();

  // Paper cannot be unfolded.
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("details:not([open])")];
    unfolded.forEach((one) => { one.open = true; });
  });
  addEventListener("afterprint", () => unfolded.forEach((one) => { one.open = false; }));

  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      field.select();
      await navigator.clipboard.writeText(field.value);
      document.getElementById("copy-status").textContent = button.dataset.copied;
    });
  }

  // The last section whose heading has been reached.
  const placeUrl = document.body.dataset.placeUrl;
  if (placeUrl) {
    let told = "";
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState !== "hidden" || page.classList.contains("leaving")) return;
      const reached = [...document.querySelectorAll(".text h2[id]")].filter((one) => one.getBoundingClientRect().top < innerHeight * 0.5);
      const place = reached.length ? reached[reached.length - 1].id : "";
      if (!place || place === told) return;
      told = place;
      fetch(placeUrl, { method: "POST", keepalive: true, body: new URLSearchParams({ csrf_token: tokenOf(document), place }) }).catch(() => { told = ""; });
    });
  }

  // A term says what it means where it stands; without a popover, or a network, its link leads to the glossary.
  const terms = [...document.querySelectorAll("a.term")].filter(() => "popover" in page);
  let glossary, note;
  for (const link of terms) {
    link.setAttribute("aria-haspopup", "dialog");
    link.addEventListener("click", async (event) => {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      try {
        glossary = glossary || await (await fetch(link.pathname.replace(/\/$/, ".json"))).json();
        explain(link, glossary.terms[decodeURIComponent(link.hash.slice(1))]);
      } catch { location.assign(link.href); }
    });
  }

  function explain(link, [word, meaning]) {
    if (!note) {
      note = document.createElement("div");
      note.id = "term-note";
      note.popover = "auto";
      note.setAttribute("role", "dialog");
      note.setAttribute("aria-labelledby", "term-word");
      note.tabIndex = -1;
      note.innerHTML = '<p><strong id="term-word"></strong></p><p></p><p class="buttons"><a class="button quiet"></a><button class="button quiet"></button></p>';
      document.body.append(note);
      note.querySelector("button").addEventListener("click", () => { note.hidePopover(); });
    }
    const [more, close] = note.querySelectorAll("a, button");
    note.querySelector("strong").textContent = word;
    note.children[1].textContent = meaning;
    more.textContent = glossary.more;
    more.href = link.href;
    close.textContent = glossary.close;
    link.focus();
    note.showPopover();
    note.focus();
  }

  // What does nothing without a script is hidden until now, and what says so is hidden from now on.
  document.querySelectorAll("[data-script]").forEach((one) => { one.hidden = !one.hidden; });

  // Notes stay on this device: their own script comes when one is opened. Without storage there are none.
  const { notesKey, notesSrc, notesLabel, notesKept } = document.body.dataset;
  let noted = {};
  try { noted = notesSrc && JSON.parse(localStorage.getItem(notesKey) || "{}"); } catch { noted = null; }
  for (const heading of noted ? document.querySelectorAll(".text h2[id]") : []) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = heading.id in noted ? "note-button kept" : "note-button";
    button.textContent = heading.id in noted ? notesKept : notesLabel;
    button.setAttribute("aria-label", `${button.textContent}: ${heading.textContent.replace(/\u00ad/g, "")}`);
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", async () => { (await import(notesSrc)).toggle(heading, button); });
    heading.after(button);
  }

  // Answers that have been handed in need not stay on this device.
  const done = document.querySelector("[data-forget]");
  if (done) {
    Object.keys(kept || {}).filter((key) => key.startsWith(`answer:${done.dataset.forget}:`)).forEach((key) => kept.removeItem(key));
  }

  const form = document.querySelector("form[data-save-url]");
  if (!form) return;
  const words = form.dataset;
  const foot = document.getElementById("save-status");
  // The form on its way carries every answer; one sent beside it could come after the end of the attempt.
  let handedOver = false;
  form.addEventListener("submit", () => { handedOver = true; });
  addEventListener("pageshow", () => { handedOver = false; });
  const questions = [...form.querySelectorAll("[data-question]")].map((box) => new Question(box));

  /** What is chosen in a question, what the server has acknowledged, what is on the way. */
  function Question(box) {
    const id = box.dataset.question;
    const key = `answer:${words.quiz}:${form.elements.attempt.value}:${id}`;
    const version = box.querySelector(`[name="version.${id}"]`);
    const line = box.querySelector(".status");
    const inputs = [...box.querySelectorAll("input:not([type=hidden]), select")];
    let timer = 0, sending = false, changed = false, refused = false;

    const chosen = () => inputs.filter((one) => (one.tagName === "SELECT" ? one.value : one.checked))
      .map((one) => (box.dataset.kind === "match" ? `${one.name.slice(id.length + 1)}=${one.value}` : one.value));

    function choose(values) {
      inputs.forEach((one, place) => {
        if (box.dataset.kind === "order") one.value = values[place] || "";
        else if (box.dataset.kind === "match") {
          const start = `${one.name.slice(id.length + 1)}=`;
          one.value = (values.find((pair) => pair.startsWith(start)) || start).slice(start.length);
        } else one.checked = values.includes(one.value);
      });
    }

    function say(text, bad) {
      line.textContent = text;
      line.classList.toggle("bad", Boolean(bad));
      const waiting = questions.some((one) => one.waiting());
      foot.textContent = bad ? text : waiting ? words.saving : words.allSaved;
      foot.classList.toggle("bad", Boolean(bad));
    }

    const saved = () => say(`${words.saved} ${new Date().toLocaleTimeString(page.lang, { hour: "2-digit", minute: "2-digit" })}`);

    function body() {
      const data = new URLSearchParams();
      data.set("csrf_token", tokenOf(form));
      data.set("attempt", form.elements.attempt.value);
      data.set(version.name, version.value);
      inputs.filter((one) => one.tagName === "SELECT" || one.checked).forEach((one) => data.append(one.name, one.value));
      return data;
    }

    async function send() {
      clearTimeout(timer);
      if (sending || !changed || refused || handedOver) return;
      sending = true;
      changed = false;
      const sent = chosen();
      say(words.saving);
      try {
        const answer = await fetch(words.saveUrl, { method: "POST", body: body(), keepalive: true, headers: { Accept: "application/json" } });
        const reply = await answer.json();
        if (answer.ok || answer.status === 409) version.value = reply.version;
        sending = false;
        if (answer.status === 409 && flat(reply.saved) !== flat(sent)) return conflict(reply);
        refused = answer.status >= 400 && answer.status < 409;
        if (!answer.ok && answer.status !== 409) throw new Error(reply.error || words.unsaved);
        if (!changed) kept?.removeItem(key);
        saved();
        if (changed) send();
      } catch (error) {
        sending = false;
        changed = true;
        say(error.name === "Error" ? error.message : words.unsaved, true);
      }
    }

    const flat = (values) => (box.dataset.kind === "order" ? values : [...values].sort()).join();

    /** Another tab was faster: show both answers and let the learner choose. */
    function conflict(reply) {
      const note = document.createElement("div");
      note.className = "notice warn conflict";
      const title = Object.assign(document.createElement("p"), { className: "notice-title", textContent: words.conflict });
      const text = Object.assign(document.createElement("p"), { textContent: words.conflictText });
      const theirs = document.createElement("p");
      theirs.append(Object.assign(document.createElement("strong"), { textContent: words.conflictSaved }), ` ${reply.saved_text || words.none}`);
      const mine = pick(words.keepMine, () => { changed = true; send(); });
      const other = pick(words.keepSaved, () => { choose(reply.saved); changed = false; kept?.removeItem(key); saved(); });
      const buttons = Object.assign(document.createElement("div"), { className: "buttons" });
      buttons.append(mine, other);
      note.append(title, text, theirs, buttons);
      box.querySelectorAll(".conflict").forEach((one) => one.remove());
      line.before(note);
      say(words.conflict, true);

      function pick(label, act) {
        const button = Object.assign(document.createElement("button"), { type: "button", className: "button quiet", textContent: label });
        button.addEventListener("click", () => { note.remove(); act(); inputs[0].focus(); });
        return button;
      }
    }

    function touched() {
      changed = true;
      refused = false;
      kept?.setItem(key, JSON.stringify({ values: chosen(), version: version.value }));
      clearTimeout(timer);
      timer = setTimeout(send, 600);
    }

    box.addEventListener("change", touched);
    this.waiting = () => sending || changed;
    this.send = send;
    /** What could not be sent, with its old version, so that the server can tell. */
    this.restore = () => {
      const left = JSON.parse(kept?.getItem(key) || "null");
      if (!left) return;
      choose(left.values);
      version.value = left.version;
      changed = true;
      send();
    };
  }

  const sendAll = () => questions.forEach((one) => one.send());
  addEventListener("online", sendAll);
  setInterval(sendAll, 15000);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") sendAll(); });
  questions.forEach((one) => one.restore());
})();
