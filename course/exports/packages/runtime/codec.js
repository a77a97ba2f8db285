/* A learner's record as a short text of letters, digits and "-_.!~", and back.

   Nothing is written by its place: lessons, questions and cases stand by three letters made of their ids, so a text
   that was written before the content was edited can still be read. What an edit has taken away is left out.

     1 id saves language place read modules cases told check      parted by "."
     module:    code attempts!passed best!seen!open!last           one after another, parted by "~~"
     attempt:   seed passMark (percent) question~question…
     question:  code shape answer */
(() => {
  "use strict";
  const our = (globalThis.coursePackage = globalThis.coursePackage || {});
  const VERSION = "1";
  const { LETTERS, GAP } = our;
  const place = (letter) => LETTERS.indexOf(letter);
  const sorted = (texts) => [...texts].sort();

  function number(value) {
    let text = "";
    for (let rest = value; rest > 0; rest = Math.floor(rest / 64)) text = LETTERS[rest % 64] + text;
    return text;
  }
  const numberOf = (text) => [...text].reduce((value, letter) => value * 64 + place(letter), 0);
  const threes = (text) => text.match(/.{3}/g) || [];

  /** Four letters that differ when the text was cut, changed or put together wrongly. */
  function check(text) {
    let hash = 0x811c9dc5;
    for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
    return Array.from({ length: 4 }, (_, at) => LETTERS[(hash >>> (at * 6)) & 63]).join("");
  }

  // An answer: letters for the places of its options among all options by name.

  function written(question, answer) {
    const options = sorted(question.options), targets = sorted(question.targets || []);
    if (question.kind === "several") return number(answer.reduce((bits, one) => bits + 2 ** options.indexOf(one), 0));
    if (question.kind !== "match") return answer.map((one) => (one === GAP ? "_" : LETTERS[options.indexOf(one)])).join("");
    const pairs = Object.fromEntries(answer.map((pair) => pair.split("=")));
    return answer.length ? options.map((one) => (one in pairs ? LETTERS[targets.indexOf(pairs[one])] : "_")).join("") : "";
  }

  function readAnswer(question, text) {
    const options = sorted(question.options), targets = sorted(question.targets || []);
    const letters = [...text];
    if (question.kind === "several") return options.filter((_, at) => Math.floor(numberOf(text) / 2 ** at) % 2);
    if (question.kind !== "match") return letters.map((one) => (one === "_" ? GAP : options[place(one)]));
    return letters.flatMap((one, at) => (one === "_" ? [] : [`${options[at]}=${targets[place(one)]}`]));
  }

  function attemptText(module, attempt) {
    const questions = attempt.questions.map((one) => {
      const question = our.questionOf(module, one.id);
      return question.code + question.shape + written(question, one.answer);
    });
    const marked = attempt.percent === undefined ? "" : number(attempt.percent).padStart(2, "A");
    return number(attempt.seed).padStart(6, "A") + number(attempt.passMark).padStart(2, "A") + marked + questions.join("~");
  }

  /** Questions that are gone are left out; where options have changed, the answer is. */
  function readAttempt(module, text, isMarked) {
    if (!text) return null;
    const head = isMarked ? 10 : 8, questions = [];
    for (const part of text.slice(head).split("~")) {
      const question = module.quiz.questions.find((one) => one.code === part.slice(0, 3));
      if (question) questions.push({ id: question.id, answer: question.shape === part[3] ? readAnswer(question, part.slice(4)) : [] });
    }
    if (!questions.length) return null;
    const attempt = { seed: numberOf(text.slice(0, 6)), passMark: numberOf(text.slice(6, 8)), questions };
    if (!isMarked) return attempt;
    const percent = numberOf(text.slice(8, 10));
    return { ...attempt, percent, passed: percent >= attempt.passMark };
  }

  const seenText = (module, seen) => module.quiz.questions.filter((one) => seen[one.id]).map((one) => one.code + LETTERS[seen[one.id]]).join("");

  function readSeen(module, text) {
    const times = Object.fromEntries((text.match(/.{4}/g) || []).map((part) => [part.slice(0, 3), place(part[3])]));
    const known = module.quiz.questions.filter((one) => times[one.code]);
    return Object.fromEntries(known.map((one) => [one.id, times[one.code]]));
  }

  function moduleText(module, quiz) {
    const best = quiz.best === null ? "" : (quiz.passed ? "P" : "N") + number(quiz.best);
    const parts = [number(quiz.attempts), best, seenText(module, quiz.seen)];
    for (const attempt of [quiz.open, quiz.last]) parts.push(attempt ? attemptText(module, attempt) : "");
    return module.code + parts.join("!");
  }

  function readModule(module, text) {
    const [attempts, best, seen, open, last] = text.slice(3).split("!");
    return {
      attempts: numberOf(attempts), best: best ? numberOf(best.slice(1)) : null, passed: best.startsWith("P"),
      seen: readSeen(module, seen), open: readAttempt(module, open, false), last: readAttempt(module, last, true),
    };
  }

  const choicesOf = (node) => sorted(node.choices.map((choice) => choice.id));

  function caseText(graph, path) {
    return graph.code + graph.shape + our.walk(graph, path).steps.map((step) => LETTERS[choicesOf(step.node).indexOf(step.choice.id)]).join("");
  }

  function readCase(graph, text) {
    let path = [];
    if (graph.shape !== text[3]) return path;
    for (const letter of text.slice(4)) path = our.decided(graph, path, choicesOf(our.walk(graph, path).node)[place(letter)]) || path;
    return path;
  }

  /** The learner as text. */
  function encode(course, learner) {
    const codes = new Map(course.modules.flatMap((module) => module.lessons.map((lesson) => [lesson.id, lesson.code])));
    const code = (lessonId) => codes.get(lessonId) || "";
    const modules = course.modules.filter((module) => learner.quizzes[module.id]).map((module) => moduleText(module, learner.quizzes[module.id]));
    const cases = course.cases.filter((one) => learner.cases[one.id]).map((one) => caseText(one, learner.cases[one.id]));
    const parts = [VERSION, learner.id, number(learner.saves), learner.language, code(learner.place), learner.read.map(code).join("")];
    const text = [...parts, modules.join("~~"), cases.join("~"), learner.told.map((verb) => verb[0]).join("")].join(".");
    return `${text}.${check(text)}`;
  }

  /** The learner of a text; null when the text is none of ours, was cut or was changed. */
  function decode(course, text) {
    const at = text.lastIndexOf(".");
    if (at < 0 || check(text.slice(0, at)) !== text.slice(at + 1)) return null;
    const [version, id, saves, language, where, readCodes, modules, cases, told] = text.slice(0, at).split(".");
    if (version !== VERSION || told === undefined) return null;
    const lessons = course.modules.flatMap((module) => module.lessons);
    const lessonOf = (code) => (lessons.find((lesson) => lesson.code === code) || { id: "" }).id;
    const learner = { ...our.newLearner(id), saves: numberOf(saves), language, place: lessonOf(where) };
    learner.read = threes(readCodes).map(lessonOf).filter((lesson) => lesson);
    for (const part of modules.split("~~")) {
      const module = course.modules.find((one) => one.code === part.slice(0, 3));
      if (module) learner.quizzes[module.id] = readModule(module, part);
    }
    for (const part of cases.split("~")) {
      const graph = course.cases.find((one) => one.code === part.slice(0, 3));
      const path = graph ? readCase(graph, part) : [];
      if (path.length) learner.cases[graph.id] = path;
    }
    learner.told = ["completed", "passed"].filter((verb) => told.includes(verb[0]));
    return learner;
  }

  Object.assign(our, { encode, decode });
})();
