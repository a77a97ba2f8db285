/* Puts the parts together: finds the host, loads the texts of a language, shows pages, listens to the learner. */
(() => {
  "use strict";
  const our = (globalThis.coursePackage = globalThis.coursePackage || {});
  const loaded = new Map(), awaited = new Map();
  let keeper, course, asking = "", noticed = "", turn = 0;

  /** A file of texts calls this with its name and what is in it. */
  our.add = (name, value) => { loaded.set(name, value); };

  /** Texts come as scripts of the package: that works from a disk, too, where nothing may be fetched. */
  function load(name) {
    if (loaded.has(name)) return Promise.resolve(loaded.get(name));
    if (!awaited.has(name)) {
      awaited.set(name, new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = `content/${name}.js`;
        script.onload = () => (loaded.has(name) ? done(loaded.get(name)) : failed(new Error(name)));
        script.onerror = () => { script.remove(); awaited.delete(name); failed(new Error(name)); };
        document.head.append(script);
      }));
    }
    return awaited.get(name);
  }

  /** The rest of a module's texts, so that a network that goes away does not stop the reading. */
  async function fetchAhead(language, module) {
    for (const name of [...module.lessons.map((lesson) => `${language}/lessons/${lesson.id}`), `${language}/quizzes/${module.id}`]) {
      try { await load(name); } catch { return; }
    }
  }

  function languageOf(parts) {
    const wanted = [parts[0], keeper.learner.language, keeper.given.language.slice(0, 2), ...(navigator.languages || []).map((one) => one.slice(0, 2))];
    return wanted.find((one) => course.languages.includes(one)) || course.languages[0];
  }

  const partsOf = (address) => decodeURIComponent(address.replace(/^#\/?/, "")).split("/").filter((part) => part);

  async function pageOf(view) {
    const [kind, id, more] = view.path;
    const module = our.moduleOf(course, kind === "lessons" ? (course.modules.find((one) => one.lessons.some((lesson) => lesson.id === id)) || {}).id : id);
    const graph = course.cases.find((one) => one.id === id);
    if (kind === "lessons" && module) {
      fetchAhead(view.language, module);
      return our.pages.lessonPage(view, module, module.lessons.find((lesson) => lesson.id === id), await load(`${view.language}/lessons/${id}`));
    }
    if (kind === "quiz" && module) return quizPage(view, module, more);
    if (kind === "cases" && graph) return our.casePages.casePage(view, graph, await load(`${view.language}/cases/${id}`), asking === `case ${id}`);
    if (kind === "cases" && course.cases.length) return our.casePages.listPage(view);
    if (kind === "glossary") return our.pages.glossaryPage(view);
    if (kind === "contacts") return our.pages.contactsPage(view);
    if (kind === "about") return our.pages.aboutPage(view);
    if (kind === "modules" && module) return our.pages.modulePage(view, module);
    return course.modules.length > 1 ? our.pages.front(view) : our.pages.modulePage(view, course.modules[0]);
  }

  async function quizPage(view, module, more) {
    const quiz = our.quizOf(keeper.learner, module.id);
    if (more === "result" && quiz.last) return our.quizPages.resultPage(view, module, await load(`${view.language}/quizzes/${module.id}`));
    if (quiz.open) return our.quizPages.openPage(view, module, await load(`${view.language}/quizzes/${module.id}`), asking === `quiz ${module.id}`);
    return our.quizPages.startPage(view, module);
  }

  async function view() {
    const parts = partsOf(location.hash), language = languageOf(parts);
    const words = await load(`${language}/words`);
    return new our.View({ course, words, learner: keeper.learner, keeper, path: course.languages.includes(parts[0]) ? parts.slice(1) : parts });
  }

  const put = (id, markup) => { document.getElementById(id).innerHTML = markup ? markup.toString() : ""; };

  /** Show what the address says. `move` takes reader and screen reader to the top of what is new. */
  async function show(move) {
    const mine = (turn += 1), now = await view();
    let page;
    try {
      page = await pageOf(now);
    } catch {
      page = { title: now.say("This page did not load"), kind: "narrow", main: our.html`
        <h1 tabindex="-1">${now.say("This page did not load")}</h1>
        <p>${now.say("The learning platform or the network did not give it. What you have done is not lost.")}</p>${our.button(now.say("Try again"), "reload")}` };
    }
    // Another page was asked for while the texts of this one were on their way.
    if (mine !== turn) return;
    document.documentElement.lang = now.language;
    document.title = `${page.title} – ${now.words.title}`;
    put("top", our.top(now));
    put("bar", our.bar(now));
    put("foot", our.foot(now));
    say(now);
    const main = document.getElementById("main");
    main.className = page.kind;
    main.dataset.place = now.path.join("/");
    main.innerHTML = page.main.toString();
    if (move) goTo(main, now.path);
    remember(now);
  }

  function goTo(main, path) {
    const summary = main.querySelector(".error-summary");
    const place = path[0] === "lessons" ? path[2] : path[1];
    const section = place && document.getElementById(place);
    const target = summary || section || main.querySelector("h1");
    if (target === section) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    if (target === section) section.scrollIntoView(); else scrollTo({ top: 0, behavior: "instant" });
  }

  /** Language and place are kept with the learner, so that she comes back to where she was. */
  function remember(now) {
    const place = now.path[0] === "lessons" ? now.path[1] : keeper.learner.place;
    if (now.language === keeper.learner.language && place === keeper.learner.place) return;
    keeper.change({ ...keeper.learner, language: now.language, place });
  }

  function say(now) {
    document.getElementById("kept").textContent = our.keptLine(now);
    const markup = our.html`${our.warning(now)}${our.news(now)}`.toString();
    // What stands there already is not said a second time.
    if (markup !== noticed) put("notices", markup);
    noticed = markup;
  }

  async function saysMore() { if (document.getElementById("kept")) say(await view()); }

  function change(name, ...values) {
    const learner = our.changes[name](course, keeper.learner, ...values);
    const changed = learner !== keeper.learner;
    if (changed) keeper.change(learner, name !== "answer");
    return changed;
  }

  const go = (address) => { if (location.hash === address) show(true); else location.hash = address; };

  // What the learner does

  const acts = {
    async read(value) {
      const now = await view(), module = course.modules.find((one) => one.lessons.some((lesson) => lesson.id === value));
      change("read", value);
      const next = module.lessons[module.lessons.findIndex((lesson) => lesson.id === value) + 1];
      go(next ? now.lessonUrl(next.id) : now.quizUrl(module.id));
    },
    async start(value) { change("start", value); asking = ""; go((await view()).quizUrl(value)); },
    async submit(value) {
      asking = our.unanswered(course, keeper.learner, value).length ? `quiz ${value}` : "";
      if (asking) return show(true);
      return acts["submit-anyway"](value);
    },
    async "submit-anyway"(value) {
      asking = "";
      change("submit", value, true);
      go((await view()).url("quiz", value, "result"));
    },
    decide(value) {
      const form = document.querySelector("form[data-case]"), chosen = form.querySelector(":checked");
      asking = chosen ? "" : `case ${value}`;
      if (chosen) change("decide", value, Number(form.dataset.made), chosen.value);
      return show(true);
    },
    back(value, pressed) { change("takeBack", value, Number(pressed.dataset.keep)); return show(true); },
    "use-copy"() { keeper.settle(true); return show(true); },
    "drop-copy"() { keeper.settle(false); return show(true); },
    reload() { return show(true); },
    async end() {
      await keeper.save();
      keeper.finish();
      location.assign(keeper.given.returnUrl);
    },
  };

  function leave(address) {
    keeper.finish();
    document.documentElement.classList.add("leaving");
    document.title = " ";
    // In a frame of the platform it is the platform's window that must be left.
    try { window.top.location.replace(address); } catch { location.replace(address); }
  }

  let presses = [];
  function pressedKey(event) {
    if (event.key !== "Shift") { presses = []; return; }
    if (event.repeat) return;
    presses = presses.filter((time) => event.timeStamp - time < 5000).concat(event.timeStamp);
    if (presses.length === 3) leave(document.querySelector(".exit").href);
  }

  function clicked(event) {
    const pressed = event.target.closest("[data-act]"), link = event.target.closest("a");
    if (pressed) { acts[pressed.dataset.act](pressed.dataset.value, pressed); return; }
    if (!link) return;
    if (link.matches(".exit")) { event.preventDefault(); leave(link.href); return; }
    const goal = link.matches(".skip") ? "main" : link.dataset.focus;
    if (goal) { event.preventDefault(); document.getElementById(goal).focus(); return; }
    if (link.hash && link.getAttribute("href") === location.hash) { event.preventDefault(); show(true); return; }
    // Another site must not open inside the platform's frame.
    if (/^https?:/.test(link.getAttribute("href") || "")) link.target = "_blank";
  }

  function answered(event) {
    const box = event.target.closest("[data-question]"), form = event.target.closest("form[data-quiz]");
    if (box && form) change("answer", form.dataset.quiz, box.dataset.question, our.chosenIn(box));
  }

  async function begin() {
    course = loaded.get("key");
    keeper = new our.Keeper(course, await our.findHost(), saysMore);
    await keeper.begin();
    our.keeper = keeper;
    document.addEventListener("click", clicked);
    document.addEventListener("change", answered);
    document.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("keydown", pressedKey);
    addEventListener("hashchange", () => { asking = ""; show(true); });
    addEventListener("online", () => keeper.save());
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keeper.save(); });
    addEventListener("pagehide", () => keeper.finish());
    // The visit has ended: a page that comes back out of the browser's memory begins a new one.
    addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
    if (!location.hash && keeper.learner.place) history.replaceState(null, "", `#/${languageOf([])}/lessons/${keeper.learner.place}`);
    await show(false);
    if (!keeper.learner.saves) keeper.change(keeper.learner, true);
  }

  addEventListener("DOMContentLoaded", begin);
})();
