/* The pages of a quiz: before it, while it is open, and what came of it. */
(() => {
  "use strict";
  const our = (globalThis.coursePackage = globalThis.coursePackage || {});
  const { html, safe, icon, notice, button, link, GAP } = our;
  const LETTERS = "ABCDEFGHIJKL";

  const plain = (text) => new DOMParser().parseFromString(text, "text/html").body.textContent.replace(/\u00ad/g, "");
  const quizTitle = (view, module) => view.say("Quiz: %(title)s", { title: view.title(module.id) });
  const crumbs = (view, module) => view.crumbs(view.toMap, [view.title(module.id), view.moduleUrl(module.id)]);

  function startPage(view, module) {
    const quiz = our.quizOf(view.learner, module.id), locked = our.lockedReason(view, module), title = quizTitle(view, module);
    const facts = [
      view.say("Questions: %(draw)s, drawn from %(total)s.", { draw: module.quiz.draw, total: module.quiz.questions.length }),
      `${view.say("You pass with %(percent)s%%.", { percent: view.course.passMark })} ${view.say("You may try as many times as you like.")}`,
      view.say("There is no time limit. Your answers are saved as you go."),
      view.say("Afterwards you see the reason for every option."),
    ];
    const honest = notice("info", view.say("The keys travel with the package"), html`
      <p>${view.say("Whoever can read the files of this package can find the right answers. This quiz is for learning.")}</p>`);
    const last = quiz.last && html`
      <p>${link(view.say("See the last attempt: %(percent)s%%", { percent: quiz.last.percent }), view.url("quiz", module.id, "result"), true)}</p>`;
    const open = locked
      ? html`${notice("info", view.say("Not open yet"), html`
        <p>${locked}</p>`)}${link(view.say("Go to the module"), view.moduleUrl(module.id))}`
      : html`<ul class="facts-list">${facts.map((one) => html`<li>${one}</li>`)}</ul>${honest}
        <div class="buttons">${button(view.say(quiz.attempts ? "Try again" : "Begin the quiz"), "start", { value: module.id })}</div>`;
    return { title, kind: "narrow", main: html`${crumbs(view, module)}<h1 tabindex="-1">${title}</h1>
      <p class="eyebrow">${our.quizWord(view, module)}</p>${open}${last}` };
  }

  // The open attempt

  const hints = (view) => ({
    one: view.say("Choose one."), "true-false": view.say("Choose one."), several: view.say("Choose all that are right. There are two or more."),
    order: view.say("Put these in order. Choose one for each place."), match: view.say("Choose a pair for each."),
  });

  function choices(question, words, options, answer) {
    const type = question.kind === "several" ? "checkbox" : "radio";
    return options.map((option, place) => html`<label class="option"><input type="${type}" name="${question.id}" value="${option}"${place === 0 && html` id="f-${question.id}"`}${answer.includes(option) && safe(" checked")}><span>${safe(words.options[option].text)}</span></label>`);
  }

  const lettered = (texts) => html`
    <ul class="lettered" role="list">${texts.map((text, place) => html`<li><b>${LETTERS[place]}</b> <span>${safe(text)}</span></li>`)}</ul>`;

  function select(view, id, name, items, chosen) {
    const option = ([value, text], place) => html`<option value="${value}"${value === chosen && safe(" selected")}>${LETTERS[place]} – ${plain(text)}</option>`;
    return html`<select id="${id}" name="${name}"><option value="">${view.say("Choose")}</option>${items.map(option)}</select>`;
  }

  function places(view, question, words, options, answer) {
    const items = options.map((option) => [option, words.options[option].text]);
    const row = (_, place) => {
      const id = `f-${question.id}${place ? `-${place}` : ""}`;
      return html`
        <p class="place"><label for="${id}">${view.say("Place %(number)s", { number: place + 1 })}</label>${select(view, id, question.id, items, answer[place] || "")}</p>`;
    };
    return html`${lettered(items.map(([, text]) => text))}<div class="places">${options.map(row)}</div>`;
  }

  function pairs(view, question, words, options, answer) {
    const items = question.targets.map((target) => [target, words.targets[target]]);
    const given = Object.fromEntries(answer.map((pair) => pair.split("=")));
    const row = (option, place) => {
      const id = `f-${question.id}${place ? `-${place}` : ""}`;
      return html`
        <p class="pair"><label for="${id}">${safe(words.options[option].text)}</label>${select(view, id, `${question.id}.${option}`, items, given[option] || "")}</p>`;
    };
    return html`${lettered(items.map(([, text]) => text))}<div class="pairs">${options.map(row)}</div>`;
  }

  function fields(view, question, words, seed, answer) {
    const options = our.shuffledOptions(question, seed);
    if (question.kind === "order") return places(view, question, words, options, answer.map((one) => (one === GAP ? "" : one)));
    return question.kind === "match" ? pairs(view, question, words, options, answer) : choices(question, words, options, answer);
  }

  function fieldset(view, question, words, { seed, answer, number, total, error }) {
    return html`
      <fieldset class="question${error ? " wrong" : ""}" id="q-${question.id}" data-question="${question.id}" data-kind="${question.kind}" aria-describedby="h-${question.id}${error && ` e-${question.id}`}">
      <legend><small>${view.say("Question %(number)s of %(total)s", { number, total })}</small> <span>${safe(words.ask)}</span></legend>
      <p class="hint" id="h-${question.id}">${hints(view)[question.kind]}</p>${error && html`
        <p class="field-error" id="e-${question.id}">${error}</p>`}
      ${fields(view, question, words, seed, answer)}</fieldset>`;
  }

  /** `asking`: the learner has handed it in with questions unanswered, and is asked whether she means it. */
  function openPage(view, module, texts, asking) {
    const quiz = our.quizOf(view.learner, module.id), total = quiz.open.questions.length, title = quizTitle(view, module);
    const missing = asking ? our.unanswered(view.course, view.learner, module.id) : [];
    const errors = Object.fromEntries(quiz.open.questions.map((one, place) => [one.id, missing.includes(one.id) && view.say("Answer question %(number)s.", { number: place + 1 })]));
    const asked = quiz.open.questions.map((one, place) =>
      fieldset(view, our.questionOf(module, one.id), texts.questions[one.id], { seed: quiz.open.seed, answer: one.answer, number: place + 1, total, error: errors[one.id] }));
    const summary = missing.length > 0 && html`
      <div class="error-summary" tabindex="-1" role="alert" aria-labelledby="errors-title">
      <h2 id="errors-title">${view.say("Some questions have no answer")}</h2>
      <ul>${missing.map((id) => html`<li><a href="#f-${id}" data-focus="f-${id}">${errors[id]}</a></li>`)}</ul></div>`;
    const anyway = missing.length > 0 && html`${notice("warn", view.say("Some questions have no answer"), html`
      <p>${view.say("A question without an answer counts as wrong. You can go back and answer, or submit as it is.")}</p>`)}`;
    const main = html`${crumbs(view, module)}${summary}<h1 tabindex="-1">${title}</h1>
      <p class="eyebrow">${view.say("Attempt %(number)s", { number: quiz.attempts + 1 })}</p>
      <form data-quiz="${module.id}">${asked}<div class="foot">${anyway}
        <div class="buttons">${button(view.say("Submit the answers"), "submit", { value: module.id })}${missing.length > 0 && button(view.say("Submit anyway"), "submit-anyway", { value: module.id, quiet: true })}</div></div></form>`;
    return { title, kind: "narrow", main };
  }

  /** What is chosen in a question, as the rules of the quiz take it. */
  function chosenIn(box) {
    const inputs = [...box.querySelectorAll("input, select")], id = box.dataset.question;
    if (box.dataset.kind === "order") return inputs.map((one) => one.value);
    if (box.dataset.kind === "match") return inputs.filter((one) => one.value).map((one) => `${one.name.slice(id.length + 1)}=${one.value}`);
    return inputs.filter((one) => one.checked).map((one) => one.value);
  }

  // The review

  const SIGNS = { right: "check", partly: "partly", wrong: "cross", unanswered: "empty" };
  const VERDICTS = { right: "Right", partly: "Partly right", wrong: "Wrong", unanswered: "Not answered" };

  function verdictOf(question, answer) {
    if (!answer.length) return "unanswered";
    return our.isRight(question, answer) ? "right" : our.points(question, answer)[0] > 0 ? "partly" : "wrong";
  }

  /** [what the learner gave, what was right] for an option that is put somewhere. */
  function placesOf(question, words, answer, option) {
    if (question.kind === "order") return [String(answer.indexOf(option) + 1 || ""), String(question.correct.indexOf(option) + 1)];
    if (question.kind !== "match") return ["", ""];
    const target = (pairs) => Object.fromEntries(pairs.map((pair) => pair.split("=")))[option];
    const given = target(answer);
    return [given ? plain(words.targets[given]) : "", plain(words.targets[target(question.correct)])];
  }

  function reviewedOption(view, question, words, answer, option) {
    const [given, wanted] = placesOf(question, words, answer, option), placed = wanted !== "";
    const chosen = placed ? given !== "" : answer.includes(option), right = placed ? given === wanted : question.correct.includes(option);
    const verdict = placed ? [right ? "check" : "cross", right ? "Right" : "Not right"]
      : right ? ["check", chosen ? "Your answer, and right" : "Right, but you did not choose it"] : chosen ? ["cross", "Your answer, not right"] : ["", "Not right"];
    const both = { given: given || "–", wanted };
    const where = placed && html`
      <p class="places-given">${question.kind === "order" ? view.say("Your place: %(given)s. Right place: %(wanted)s.", both) : view.say("Your pair: %(given)s. Right pair: %(wanted)s.", both)}</p>`;
    const rests = !right && view.sectionLink("Read: %(title)s", question.sections[option] || question.section);
    return html`<li class="reviewed${right ? " right" : ""}${chosen ? " chosen" : ""}">
      <p class="verdict">${verdict[0] && icon(verdict[0])} ${view.say(verdict[1])}</p>
      <div><p class="option-text">${safe(words.options[option].text)}</p>${where}
        <p class="why">${safe(words.options[option].why)}</p>${rests && html`<p class="why">${rests}</p>`}</div></li>`;
  }

  function reviewed(view, module, texts, asked, number, seed) {
    const question = our.questionOf(module, asked.id), words = texts.questions[asked.id], verdict = verdictOf(question, asked.answer);
    const options = question.kind === "order" ? question.correct : our.shuffledOptions(question, seed);
    const rests = view.sectionLink("This rests on: %(title)s", question.section);
    return html`<article class="review ${verdict}" id="q-${question.id}" aria-labelledby="t-${question.id}">
      <p class="verdict-line">${icon(SIGNS[verdict])} ${view.say(VERDICTS[verdict])}</p>
      <h3 id="t-${question.id}"><small>${number}.</small> ${safe(words.ask)}</h3>
        <ul role="list">${options.map((option) => reviewedOption(view, question, words, asked.answer, option))}</ul>${rests && html`
        <p class="rests">${rests}</p>`}</article>`;
  }

  function reread(view, module, last) {
    const weak = last.questions.map((one) => our.questionOf(module, one.id)).filter((question, place) => !our.isRight(question, last.questions[place].answer));
    const sections = [...new Set(weak.map((question) => question.section))].map((id) => view.section(id)).filter((one) => one);
    return sections.length > 0 && html`<section aria-labelledby="reread-title">
      <h2 id="reread-title">${view.say("Worth reading again")}</h2>
      <ul class="links">${sections.map((one) => html`<li><a href="${one.url}">${one.title}</a></li>`)}</ul></section>`;
  }

  function resultPage(view, module, texts) {
    const { last, passed: ever } = our.quizOf(view.learner, module.id), title = view.say(last.passed ? "Quiz passed: %(title)s" : "Quiz not passed yet: %(title)s", { title: view.title(module.id) });
    const right = last.questions.filter((one) => our.isRight(our.questionOf(module, one.id), one.answer)).length;
    const next = view.course.modules[view.course.modules.indexOf(module) + 1];
    const onward = ever && next && link(view.say("Next: %(title)s", { title: view.title(next.id) }), view.moduleUrl(next.id));
    const main = html`${crumbs(view, module)}<h1 tabindex="-1">${title}</h1>
      <div class="result ${last.passed ? "passed" : "failed"}">
        <p class="figure">${view.say("%(percent)s%%", { percent: last.percent })}</p><div><p>
        <strong>${icon(last.passed ? "check" : "cross")} ${view.say(last.passed ? "Passed" : "Not passed yet")}</strong></p>
      <p>${view.say("Questions fully right: %(right)s of %(total)s.", { right, total: last.questions.length })} ${view.say("The pass mark is %(percent)s%%.", { percent: last.passMark })}</p></div></div>
      ${reread(view, module, last)}
        <div class="buttons">${onward}${button(view.say("Try again"), "start", { value: module.id, quiet: last.passed })}</div>
      <section aria-labelledby="questions-title">
        <h2 id="questions-title">${view.say("Question by question")}</h2>${last.questions.map((one, place) => reviewed(view, module, texts, one, place + 1, last.seed))}</section>`;
    return { title, kind: "narrow", main };
  }

  Object.assign(our, { quizPages: { startPage, openPage, resultPage }, chosenIn });
})();
