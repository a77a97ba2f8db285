/* The pages of the cases: the list, and a case at the place that the learner has reached. */
(() => {
  "use strict";
  const our = (globalThis.coursePackage = globalThis.coursePackage || {});
  const { html, safe, icon, notice, button, link } = our;
  const VERDICTS = { none: "This helps", "missed-a-victim": "Someone may go without help", "harmed-safety": "This may put someone at risk" };

  function listPage(view) {
    const title = view.say("Cases to practise with");
    const row = (graph) => {
      const path = view.learner.cases[graph.id] || [], state = !path.length ? "Not begun" : our.walk(graph, path).ended ? "Gone through" : "Under way";
      const words = view.words.cases[graph.id];
      return html`<li><h2><a href="${view.url("cases", graph.id)}">${words.title}</a></h2><p>${words.summary}</p>
        <p class="facts"><span class="state">${view.say(state)}</span></p></li>`;
    };
    const lead = view.say("In each case you decide what to do, and you see what follows. Nobody gives you points, and you may go back and try another way.");
    return { title, kind: "narrow", main: html`<h1 tabindex="-1">${title}</h1><p class="lead">${lead}</p>
      <ul class="cases rows" role="list">${view.course.cases.map(row)}</ul>` };
  }

  function feedback(view, step, words) {
    const chosen = words.nodes[step.node.id].choices[step.choice.id], good = step.choice.harm === "none";
    const rests = view.sectionLink("This rests on: %(title)s", step.choice.section);
    return notice(good ? "good" : "warn", view.say(VERDICTS[step.choice.harm]), html`<p>
      <small>${view.say("You chose:")}</small> ${safe(chosen.text)}</p><p>${safe(chosen.why)}</p>${rests && html`<p>${rests}</p>`}`);
  }

  function errorsOf(view, walk, words, harm, title, lead) {
    const steps = walk.steps.filter((step) => step.choice.harm === harm);
    const item = (step) => html`<li>${safe(words.nodes[step.node.id].choices[step.choice.id].text)} ${view.sectionLink("Read: %(title)s", step.choice.section)}</li>`;
    return html`<h3>${title}: ${steps.length}</h3>${steps.length > 0 && html`<p>${lead}</p><ul>${steps.map(item)}</ul>`}`;
  }

  function endPart(view, walk, words) {
    const here = words.nodes[walk.node.id], rests = view.sectionLink("Read: %(title)s", walk.node.section);
    return html`<section aria-labelledby="end-title"><h2 id="end-title">${view.say("Here the case ends")}</h2>
      <p>${safe(here.text)}</p>${here.why && html`<p>${safe(here.why)}</p>`}${rests && html`<p>${rests}</p>`}</section>
      <section aria-labelledby="summary-title"><h2 id="summary-title">${view.say("What your choices would have cost")}</h2>
        <p>${view.say("Here a mistake costs nothing: this is where to make it. Two kinds are told apart, because they are mended in different ways.")}</p>
      ${errorsOf(view, walk, words, "missed-a-victim", view.say("A person in need could have been missed"), view.say("Asking, or calling for advice, would have kept the door open:"))}
      ${errorsOf(view, walk, words, "harmed-safety", view.say("Someone’s safety could have suffered"), view.say("The wish to help was right, the step was not safe yet:"))}</section>`;
  }

  function decisionPart(view, graph, walk, words, unchosen) {
    const here = words.nodes[walk.node.id];
    const option = (choice, place) => html`<label class="option"><input type="radio" name="choice" value="${choice.id}"${place === 0 && safe(' id="f-choice"')}><span>${safe(here.choices[choice.id].text)}</span></label>`;
    return html`<form data-case="${graph.id}" data-made="${walk.steps.length}">
      <h2>${view.say("Decision %(number)s", { number: walk.steps.length + 1 })}</h2><p>${safe(here.text)}</p>
      <fieldset class="question${unchosen ? " wrong" : ""}"${unchosen && safe(' aria-describedby="e-choice"')}>
        <legend>${view.say("What do you do?")}</legend>${unchosen && html`
        <p class="field-error" id="e-choice">${view.say("Choose what you do first.")}</p>`}${walk.node.choices.map(option)}</fieldset>
      <div class="buttons">${button(view.say("Decide and see what follows"), "decide", { value: graph.id })}</div></form>`;
  }

  function madePart(view, graph, walk, words) {
    const back = (keep, label, more) => html`<button type="button" class="button quiet" data-act="back" data-value="${graph.id}" data-keep="${keep}">${label}${more}</button>`;
    const row = (step, place) => {
      const good = step.choice.harm === "none", node = words.nodes[step.node.id];
      return html`<li><p><small>${safe(node.text)}</small></p>
        <p>${icon(good ? "check" : "alert")} ${safe(node.choices[step.choice.id].text)} 
        <small>${view.say(VERDICTS[step.choice.harm])}</small></p>
        <p>${back(place, view.say("Decide this otherwise"), html`<span class="vh"> ${view.say("(decision %(number)s)", { number: place + 1 })}</span>`)}</p></li>`;
    };
    const count = walk.steps.length;
    return count > 0 && html`<details${walk.ended && safe(" open")}>
      <summary>${view.say("Your decisions so far: %(number)s", { number: count })}</summary>
      <ol class="decisions">${walk.steps.map(row)}</ol></details>
      <div class="buttons">${!walk.ended && back(count - 1, view.say("Back to the last decision"))}${(walk.ended || count > 1) && back(0, view.say("Begin again"))}${walk.ended && link(view.say("More cases"), view.url("cases"))}</div>`;
  }

  function casePage(view, graph, words, unchosen) {
    const walk = our.walk(graph, view.learner.cases[graph.id] || []), last = walk.steps[walk.steps.length - 1];
    const main = html`${view.crumbs([view.say("Cases to practise with"), view.url("cases")])}
      ${unchosen && html`<div class="error-summary" tabindex="-1" role="alert">
        <ul><li><a href="#f-choice" data-focus="f-choice">${view.say("Choose what you do first.")}</a></li></ul></div>`}
      <h1 tabindex="-1">${words.title}</h1>
        <p class="eyebrow">${view.say("A made-up case")}</p>${last ? feedback(view, last, words) : html`
        <p class="lead">${words.summary}</p>`}
      ${walk.ended ? endPart(view, walk, words) : decisionPart(view, graph, walk, words, unchosen)}${madePart(view, graph, walk, words)}`;
    return { title: words.title, kind: "narrow", main };
  }

  our.casePages = { listPage, casePage };
})();
