/* The pages to read: the map of the course, modules, lessons, words and contacts. Each gives {title, kind, main}. */
(() => {
  "use strict";
  const our = (globalThis.coursePackage = globalThis.coursePackage || {});
  const { html, safe, icon, notice, link, button } = our;
  const WAVES = ["M0 50C22 8 62 84 100 50", "M0 50C38 100 70 6 100 50", "M0 50C28 4 58 100 100 50"];
  const DOWNS = ["M50 0C92 26 14 66 50 100", "M50 0C10 34 84 70 50 100", "M50 0C88 40 20 52 50 100"];
  const TURN = "M0 0C72 0 100 12 100 50S72 100 0 100";

  const stateWord = (view, state) => view.say({ locked: "Locked", open: "Open", started: "Under way", passed: "Passed" }[state]);

  function quizWord(view, module) {
    const quiz = our.quizOf(view.learner, module.id);
    return view.say(quiz.open ? "Under way" : quiz.passed ? "Passed" : quiz.attempts ? "Not passed yet" : "Not taken yet");
  }

  function lockedReason(view, module) {
    const missing = our.missingBefore(view.course, view.learner, module).map((id) => our.moduleOf(view.course, id));
    const titles = missing.map((one) => `${one.number}. ${view.title(one.id)}`).join(", ");
    return missing.length > 0 && !our.quizOf(view.learner, module.id).passed && view.say("This module opens when you have passed: %(titles)s.", { titles });
  }

  function progressLine(view) {
    const passed = view.course.modules.filter((module) => our.quizOf(view.learner, module.id).passed).length;
    const total = view.course.modules.length;
    return html`<p class="progress"><progress max="${total}" value="${passed}" aria-label="${view.say("Modules passed")}"></progress>
      <span>${view.say("%(passed)s of %(total)s modules passed", { passed, total })}</span></p>`;
  }

  const isOptional = (view, module) => !view.course.counted.includes(module.id);

  /** Says that all is done that the platform counts; what is left can be done, and need not. Nothing before that. */
  function doneNotice(view) {
    if (!our.recordOf(view.course, view.learner).completed) return null;
    if (view.course.modules.length === 1) return notice("good", view.say("You have completed this module"), null);
    const left = view.course.modules.filter((module) => isOptional(view, module) && !our.quizOf(view.learner, module.id).passed);
    const list = left.length > 0 && html`<p>${view.say("These modules are optional. Take them if you wish:")}</p>
      <ul>${left.map((module) => html`<li><a href="${view.moduleUrl(module.id)}">${module.number}. ${view.title(module.id)}</a></li>`)}</ul>`;
    return notice("good", view.say("You have completed the course"), html`<p>${view.say("You have passed every module that the course requires.")}</p>${list}`);
  }

  // The map of the course, as on the site (course/web/templates/components/course_map.html).

  function leg(place, turn, walked) {
    const across = turn ? TURN : WAVES[place % 3], down = DOWNS[place % 3];
    return html`<svg class="leg${walked ? " walked" : ""}" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      <path class="down" d="${down}"/><path class="down line" d="${down}"/><path class="across" d="${across}"/>
      <path class="across line" d="${across}"/></svg>`;
  }

  function disc(view, module, state, here) {
    const done = module.lessons.filter((lesson) => view.learner.read.includes(lesson.id)).length;
    const arc = state === "started" && done > 0 && html`
      <circle class="arc" cx="32" cy="32" r="23" pathLength="100" stroke-dasharray="${Math.floor((100 * done) / module.lessons.length)} 100" transform="rotate(-90 32 32)"/>`;
    return html`<svg class="disc" viewBox="0 0 64 64" aria-hidden="true">${here && html`
      <circle class="halo" cx="32" cy="32" r="30"/>`}<circle class="plate" cx="32" cy="32" r="23"/>${arc}
      <text x="32" y="40">${module.number}</text>${state === "passed" && html`<circle class="badge" cx="51" cy="14" r="10"/>
      <path class="tick" d="M46.5 14.500l3 3 6-6.5"/>`}</svg>`;
  }

  function stationCard(view, module, state, here) {
    const signs = { passed: "check", locked: "lock" };
    const done = module.lessons.filter((lesson) => view.learner.read.includes(lesson.id)).length;
    const pages = state === "started" && html` <span>${view.say("%(done)s of %(total)s pages", { done, total: module.lessons.length })}</span>`;
    return html`<div class="station-card">
      <h3><a href="${view.moduleUrl(module.id)}"${here && safe(' aria-current="step"')}><span class="vh">${view.say("Module %(number)s:", { number: module.number })}</span> ${view.title(module.id)}</a></h3>
      ${here && html`<p class="here">${icon("pin")} ${here}</p>`}
      <p class="facts"><span class="state">${signs[state] && icon(signs[state])} ${stateWord(view, state)}</span>${pages}${isOptional(view, module) && html` <span>${view.say("Optional")}</span>`} <span>${view.minutes(module.minutes)}</span></p>
      <p class="summary">${view.words.modules[module.id].summary}</p></div>`;
  }

  const columns = (count) => (count < 5 ? count : [5, 6, 9].includes(count) ? 3 : 4);

  function map(view) {
    const states = view.course.modules.map((module) => our.stateOf(view.course, view.learner, module));
    const across = columns(states.length), current = states.findIndex((state) => state === "open" || state === "started");
    const begins = !states.includes("passed") && !states.includes("started");
    const stations = view.course.modules.map((module, place) => {
      const row = Math.floor(place / across), step = place % across, last = place === states.length - 1;
      const turn = step === across - 1 && across > 1, column = row % 2 ? across - step : step + 1;
      const here = place === current && view.say(begins ? "Begin here" : "You are here");
      return html`<li class="station ${states[place]} col-${column}${row % 2 ? " west" : ""}${turn ? " turn" : ""}${here ? " current" : ""}">${!last && leg(place, turn, states[place] === "passed")}${disc(view, module, states[place], here)}${stationCard(view, module, states[place], here)}</li>`;
    });
    return html`<div class="map"><ol class="path across-${across}" role="list">${stations}</ol></div>`;
  }

  function front(view) {
    const step = our.nextStep(view.course, view.learner), words = view.words;
    const goal = step && (step.lesson ? view.lessonUrl(step.lesson.id) : view.quizUrl(step.module.id));
    const goOn = step
      ? html`<div class="go-on"><small>${view.say("Module %(number)s", { number: step.module.number })}${isOptional(view, step.module) && ` · ${view.say("Optional")}`}</small>
        <strong>${step.lesson ? words.lessons[step.lesson.id].title : view.say("Quiz: %(title)s", { title: view.title(step.module.id) })}</strong>
        <p></p>${link(view.say(our.begun(view.learner) ? "Go on" : "Begin"), goal)}</div>`
      : html`<div class="go-on"><strong>${icon("check")} ${view.say("You have passed every module.")}</strong></div>`;
    const main = html`<div class="hero"><div><h1 tabindex="-1">${words.title}</h1><p class="lead">${words.subtitle}</p></div>${goOn}</div>
      ${doneNotice(view)}
      <section aria-labelledby="map-title"><div class="map-head">
        <h2 id="map-title">${view.say("Course map")}</h2>${progressLine(view)}</div>${map(view)}</section>`;
    return { title: words.title, kind: "front", main };
  }

  function modulePage(view, module) {
    const words = view.words.modules[module.id], state = our.stateOf(view.course, view.learner, module), locked = lockedReason(view, module);
    const undone = module.lessons.find((lesson) => !view.learner.read.includes(lesson.id));
    const rows = module.lessons.map((lesson) => {
      const done = view.learner.read.includes(lesson.id), kind = done ? "done" : lesson === undone ? "next" : "later";
      const state = done ? html`${icon("check")} ${view.say("Read")}` : view.say(lesson === undone ? "Next for you" : "Not read yet");
      return html`<li class="${kind}"><a href="${view.lessonUrl(lesson.id)}">${view.words.lessons[lesson.id].title}</a> <span class="facts"><span class="state">${state}</span> <span>${view.minutes(view.words.lessons[lesson.id].minutes)}</span></span></li>`;
    });
    const passed = our.quizOf(view.learner, module.id).passed;
    const quiz = html`<li class="quiz ${passed ? "done" : undone ? "later" : "next"}"><a href="${view.quizUrl(module.id)}">${view.say("Quiz")}</a> <span class="facts"><span class="state">${passed && icon("check")} ${quizWord(view, module)}</span> <span>${view.say("Pass mark %(percent)s%%", { percent: view.course.passMark })}</span></span></li>`;
    const begun = module.lessons.some((lesson) => view.learner.read.includes(lesson.id));
    const goal = undone ? view.lessonUrl(undone.id) : view.quizUrl(module.id);
    const at = view.course.modules.indexOf(module), neighbour = (other) => other && [view.title(other.id), view.moduleUrl(other.id)];
    const main = html`${view.crumbs(view.toMap)}
      <div class="head"><p class="numeral" aria-hidden="true">${module.number}</p><div>
        <p class="eyebrow">${view.say("Module %(number)s", { number: module.number })} · ${view.minutes(module.minutes)} · ${stateWord(view, state)}</p>
        <h1 tabindex="-1">${words.title}</h1><p class="lead">${words.summary}</p></div></div>
      ${locked && notice("info", view.say("Not open yet"), html`<p>${locked}</p>`)}${view.course.modules.length === 1 && doneNotice(view)}
      <div class="two-columns"><section aria-labelledby="pages-title">
        <h2 id="pages-title">${view.say("Pages of this module")}</h2>
        <ol class="tasks" role="list">${rows}${quiz}</ol>${link(view.say(!begun ? "Begin" : undone ? "Go on" : "Go to the quiz"), goal)}</section>
      ${words.objectives.length > 0 && html`<section class="objectives" aria-labelledby="objectives-title">
        <h2 id="objectives-title">${view.say("When you have done this")}</h2>
        <ul>${words.objectives.map((one) => html`<li>${one}</li>`)}</ul></section>`}</div>
      ${view.pager(neighbour(view.course.modules[at - 1]), neighbour(view.course.modules[at + 1]), view.say("Modules before and after"))}`;
    return { title: words.title, kind: "module", main };
  }

  function contents(view, module, current) {
    const rows = module.lessons.map((lesson) => {
      const done = view.learner.read.includes(lesson.id), words = view.words.lessons[lesson.id];
      return html`<li${done && safe(' class="done"')}><a href="${view.lessonUrl(lesson.id)}"${lesson.id === current && safe(' aria-current="page"')}>${words.title}</a> 
        <small>${done ? view.say("Read") : view.minutes(words.minutes)}</small></li>`;
    });
    const passed = our.quizOf(view.learner, module.id).passed;
    return html`<nav class="contents" aria-label="${view.say("Pages of this module")}"><details>
      <summary>${view.say("Pages of this module")}</summary>
      <p class="up"><a href="${view.moduleUrl(module.id)}">
        <small>${view.say("Module %(number)s", { number: module.number })}</small> ${view.title(module.id)}</a></p>
      <ol class="trail" role="list">${rows}<li class="quiz${passed ? " done" : ""}"><a href="${view.quizUrl(module.id)}">${view.say("Quiz")}</a> 
        <small>${quizWord(view, module)}</small></li></ol></details></nav>`;
  }

  function actions(view, module, lessonId, following) {
    const locked = lockedReason(view, module), next = html`<p class="then">${view.say("Next")}: ${following[0]}</p>`;
    if (locked) return html`<div class="actions"><p class="locked">${icon("lock")} ${locked}</p></div>`;
    if (view.learner.read.includes(lessonId)) return html`<div class="actions">
      <p class="read">${icon("check")} ${view.say("You have read this page.")}</p>${link(view.say("Go on"), following[1])}${next}</div>`;
    return html`<div class="actions">${button(view.say("Mark as read and go on"), "read", { value: lessonId })}${next}</div>`;
  }

  function sourcesList(sources) {
    const item = (source, place) => html`<li id="source-${source.id}"><span class="number">${place + 1}</span> 
      <div>${source.url ? html`<a href="${source.url}" rel="noreferrer"${source.language && html` lang="${source.language}" hreflang="${source.language}"`}>${source.title}</a>` : html`<span${source.language && html` lang="${source.language}"`}>${source.title}</span>`}. ${source.owner}${source.published && `, ${source.published}`}.</div></li>`;
    return html`<ol class="sources" role="list">${sources.map(item)}</ol>`;
  }

  function lessonPage(view, module, lesson, text) {
    const words = view.words.lessons[lesson.id], at = module.lessons.indexOf(lesson);
    const pageAt = (place) => {
      const other = module.lessons[place];
      return other ? [view.words.lessons[other.id].title, view.lessonUrl(other.id)] : place > 0 && [view.say("Quiz"), view.quizUrl(module.id)];
    };
    const onPage = words.sections.length > 1 && html`<nav class="on-page" aria-labelledby="on-page-title">
      <h2 id="on-page-title">${view.say("On this page")}</h2>
      <ul role="list">${words.sections.map((section) => html`<li><a href="${view.lessonUrl(lesson.id, section.id)}">${section.title}</a></li>`)}</ul></nav>`;
    const sources = text.sources.length > 0 && html`<section class="sources-box" aria-labelledby="sources-title">
      <h2 id="sources-title">${view.say("Sources of this page")}</h2>${sourcesList(text.sources)}</section>`;
    const main = html`${contents(view, module, lesson.id)}
      <article>${view.crumbs(view.toMap, [view.title(module.id), view.moduleUrl(module.id)])}
      <h1 tabindex="-1">${words.title}</h1>
        <p class="eyebrow">${view.say("Page %(number)s of %(total)s", { number: at + 1, total: module.lessons.length })} · ${view.minutes(words.minutes)}</p>
      ${onPage}<div class="text">${safe(text.html)}</div>${actions(view, module, lesson.id, pageAt(at + 1))}${sources}
      ${view.pager(pageAt(at - 1), pageAt(at + 1), view.say("Pages before and after"))}</article>`;
    return { title: words.title, kind: "lesson", main };
  }

  function glossaryPage(view) {
    const title = view.say("Glossary");
    const card = (term) => html`<article class="term-card" id="${term.id}"><h3>${term.word}</h3><p>${term.meaning}</p></article>`;
    return { title, kind: "", main: html`<h1 tabindex="-1">${title}</h1><section>
      <h2 class="vh">${view.say("Terms")}</h2>${view.words.terms.map(card)}</section>` };
  }

  function contactsPage(view) {
    const title = view.say("Whom to contact");
    const line = ([label, value, address]) => html`
      <div><dt>${label}</dt><dd>${address ? html`<a href="${address}" rel="noreferrer">${value}</a>` : value}</dd></div>`;
    const card = (contact) => html`<article class="contact-card" id="${contact.id}"><h2>${contact.name}</h2><p>${contact.when}</p>
      <dl>${contact.lines.map(line)}</dl></article>`;
    return { title, kind: "", main: html`<h1 tabindex="-1">${title}</h1><div class="cards">${view.words.contacts.map(card)}</div>` };
  }

  function aboutPage(view) {
    const title = view.say("About this package");
    const paragraphs = [
      view.say("This is the course as a package. It is made of the same texts and follows the same rules as the course’s own site."),
      view.say("The learning platform keeps how far you are, so that you can go on later: pages read, your last answers in each quiz, your way through the cases. It is told your score and your completion. No report is made of single answers."),
      view.say("A copy of the same is kept in this browser, so that nothing is lost when the platform fails. Nothing is sent to anybody else."),
      view.say("The keys of the quizzes travel with the package. Whoever can read its files can find the right answers. The quizzes are for learning; where a result must be trusted, take the course on its own site."),
      view.say("The package gives no certificate. What the learning platform shows of a completion is the platform’s own."),
    ];
    return { title, kind: "narrow", main: html`<h1 tabindex="-1">${title}</h1>${paragraphs.map((one) => html`<p>${one}</p>`)}` };
  }

  Object.assign(our, { pages: { front, modulePage, lessonPage, glossaryPage, contactsPage, aboutPage }, lockedReason, quizWord });
})();
