/* What stands around every page: the top, the bar, what is to be said about keeping, the foot. */
(() => {
  "use strict";
  const our = (globalThis.coursePackage = globalThis.coursePackage || {});
  const { html, safe, icon, notice } = our;
  const NAMES = { fi: "Suomi", sv: "Svenska", en: "English" };
  const LOCALES = { fi: "fi-FI", sv: "sv-FI", en: "en-GB" };

  /** What the pages are made with: the key, the words of one language, the learner, and where she is. */
  class View {
    constructor({ course, words, learner, keeper, path }) {
      Object.assign(this, { course, words, learner, keeper, path, language: words.language });
    }

    /** A text of the interface in the language of the page. */
    say(text, values = {}) {
      const found = this.words.interface[text];
      return (found === undefined ? text : found).replace(/%\((\w+)\)s|%%/g, (all, name) => (all === "%%" ? "%" : values[name]));
    }

    minutes(number) {
      if (number < 90) return this.say("%(minutes)s min", { minutes: number });
      const [hours, minutes] = [Math.floor(number / 60), number % 60];
      return minutes ? this.say("%(hours)s h %(minutes)s min", { hours, minutes }) : this.say("%(hours)s h", { hours });
    }

    url(...parts) { return `#/${[this.language, ...parts].join("/")}`; }
    get home() { return this.course.modules.length > 1 ? this.url() : this.moduleUrl(this.course.modules[0].id); }
    moduleUrl(id) { return this.url("modules", id); }
    lessonUrl(id, section) { return section ? this.url("lessons", id, section) : this.url("lessons", id); }
    quizUrl(id) { return this.url("quiz", id); }
    title(moduleId) { return this.words.modules[moduleId].title; }

    /** {title, url} of a section; null when it stands in a module that is not in this package. */
    section(id) {
      for (const [lessonId, lesson] of Object.entries(this.words.lessons)) {
        const found = lesson.sections.find((section) => section.id === id);
        if (found) return { title: found.title, url: this.lessonUrl(lessonId, id) };
      }
      return null;
    }

    /** A link to a section with words around its title, or nothing. */
    sectionLink(words, id) {
      const found = this.section(id);
      return found && html`<a href="${found.url}">${this.say(words, { title: found.title })}</a>`;
    }

    crumbs(...links) {
      const shown = links.filter((link) => link);
      return shown.length > 0 && html`<nav class="crumbs" aria-label="${this.say("Where you are")}">
        <ol role="list">${shown.map(([title, url]) => html`<li><a href="${url}">${title}</a></li>`)}</ol></nav>`;
    }

    get toMap() { return this.course.modules.length > 1 && [this.say("Course map"), this.url()]; }

    pager(previous, next, label) {
      const one = (link, kind) => link && html`<a class="${kind}" href="${link[1]}">${kind === "prev" && icon("back")} <span>
        <small>${this.say(kind === "prev" ? "Previous" : "Next")}</small> ${link[0]}</span> ${kind === "next" && icon("arrow")}</a>`;
      return (previous || next) && html`<nav class="pager" aria-label="${label}">${one(previous, "prev")}${one(next, "next")}</nav>`;
    }
  }

  function top(view) {
    return html`<a class="exit" href="${view.words.exitUrl}" rel="noreferrer nofollow">${view.say("Quick exit")} ${icon("exit")}</a>
      <a class="skip" href="#main">${view.say("Skip to the content")}</a>
      <a class="home" href="${view.home}"><svg viewBox="0 0 32 32" aria-hidden="true"><path d="M7 27C7 16 25 18 25 8"/>
        <circle cx="7" cy="26" r="4"/><circle class="goal" cx="25" cy="7" r="4.5"/></svg> <span>${view.words.title}</span></a>`;
  }

  function bar(view) {
    const cases = view.course.cases.length > 0 && ["cases", view.say("Cases to practise with"), view.url("cases")];
    const places = [["", view.say(view.course.modules.length > 1 ? "Course" : "Module"), view.home], cases, ["glossary", view.say("Glossary"), view.url("glossary")], ["contacts", view.say("Contacts"), view.url("contacts")]];
    const here = ["modules", "lessons", "quiz"].includes(view.path[0]) ? "" : view.path[0] || "";
    const end = view.keeper.given.returnUrl && html`<li><button type="button" data-act="end">${view.say("End and return to the platform")}</button></li>`;
    const item = ([key, label, address]) => html`<li><a href="${address}"${key === here && safe(' aria-current="true"')}>${label}</a></li>`;
    return html`<nav aria-label="${view.say("Main")}">
      <ul role="list">${places.filter((one) => one).map(item)}${end}</ul></nav>${languages(view)}`;
  }

  function languages(view) {
    const item = (code) => html`<li><a href="#/${[code, ...view.path].join("/")}" lang="${code}" hreflang="${code}"${code === view.language && safe(' aria-current="true"')}>${NAMES[code] || code}</a></li>`;
    return view.course.languages.length > 1 && html`<nav class="languages" aria-label="${view.say("Language")}">
      <ul role="list">${view.course.languages.map(item)}</ul></nav>`;
  }

  function foot(view) {
    return html`${view.words.notice && html`<p>${view.words.notice}</p>`}
      <ul role="list"><li><a href="${view.url("about")}">${view.say("About this package")}</a></li></ul>
      <p>${view.words.title}, ${view.say("edition %(edition)s", { edition: view.course.edition })}. ${view.say("The texts are free to use under the licence %(licence)s.", { licence: "CC BY 4.0" })}</p>`;
  }

  // What is to be said about keeping. The line is short and always there; a notice stands where something is to be done.

  function keptLine(view) {
    const keeper = view.keeper, time = (date) => date.toLocaleTimeString(LOCALES[view.language] || view.language, { hour: "2-digit", minute: "2-digit" });
    if (keeper.sign === "review") return view.say("You are looking back: nothing is recorded now.");
    if (keeper.sign === "no-host") return view.say(keeper.onDevice ? "Kept in this browser only." : "Not kept.");
    if (keeper.sign) return view.say(keeper.onDevice ? "Not saved – kept on this device" : "Not kept.");
    if (keeper.waiting) return view.say("Saving…");
    return keeper.savedAt ? `${view.say("Saved")} ${time(keeper.savedAt)}` : "";
  }

  function warning(view) {
    const { sign, onDevice } = view.keeper;
    if (sign === "" || sign === "review") return null;
    // Outside a platform nothing is wrong: said once where one begins, and in the line on every page.
    if (sign === "no-host" && onDevice && view.path.length) return null;
    const leave = onDevice && !view.keeper.device.lasting
      ? view.say("The platform does not say who you are, so a copy is kept in this window only. It is gone when you close it.")
      : onDevice
      ? view.say("A copy is kept in this browser on this device. Come back with the same browser, and you go on where you were.")
      : view.say("This browser keeps nothing either. What you do now is gone when you close this window.");
    const sentences = {
      "no-host": view.say("This page was opened outside a learning platform, so no platform is told what you do."),
      refused: view.say("The learning platform does not save your work now. We try again by ourselves. Leave this window open, or tell those who look after the platform."),
      lost: view.say("The learning platform said that it had saved your work, but does not give it back. Tell those who look after the platform."),
      shut: view.say("The learning platform did not let the course begin, so it is told nothing of this visit. Open the course again from the platform, or tell those who look after it."),
      over: view.say("This visit has ended. Open the course again from the learning platform; what you do here now is not told to it."),
      untold: view.say("You have passed, but the learning platform did not take this in. Show this page to those who look after the platform."),
    };
    return notice("warn", view.say("Your work is not in the learning platform"), html`<p>${sentences[sign]}</p><p>${leave}</p>`);
  }

  function news(view) {
    const { news: what, sign } = view.keeper;
    if (what === "recovered" && sign !== "review") return notice("good", view.say("Your work is here"), html`
      <p>${view.say("The learning platform had less of your work than this device. What was missing has been put back.")} ${view.say("Look at the platform’s own page when you are done. If it does not show what you have done, tell those who look after it.")}</p>`);
    if (what === "lost") return notice("warn", view.say("Your earlier work is not here"), html`
      <p>${view.say("The learning platform says that you have been here before, but gave nothing back, and this device has no copy. Tell those who look after the platform.")}</p>`);
    if (what !== "ask") return null;
    const pages = view.keeper.copy.read.length;
    return notice("info", view.say("There is earlier work on this device"), html`
      <p>${view.say("The learning platform begins anew. On this device there is a copy of your earlier work: pages read %(pages)s. Which do you want?", { pages })}</p>
      <div class="buttons">${our.button(view.say("Go on with the earlier work"), "use-copy")}${our.button(view.say("Begin anew"), "drop-copy", { quiet: true })}</div>`);
  }

  Object.assign(our, { View, top, bar, foot, keptLine, warning, news });
})();
