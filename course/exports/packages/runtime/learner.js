/* What one learner has done in this package, and every change that can be made to it. Values in, a value out. */
(() => {
  "use strict";
  const our = (globalThis.coursePackage = globalThis.coursePackage || {});
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  /** How much oftener than the one seen least a question is kept as seen. */
  const MOST_SEEN = 63;

  const random = (limit) => globalThis.crypto.getRandomValues(new Uint32Array(1))[0] % limit;
  const newId = () => Array.from({ length: 5 }, () => LETTERS[random(64)]).join("");
  const newSeed = () => random(2 ** 31);

  /** A learner who has done nothing. `id` tells this record from an earlier one of the same person. */
  const newLearner = (id = newId()) => ({ id, saves: 0, language: "", place: "", read: [], quizzes: {}, cases: {}, told: [] });

  const QUIZ = { attempts: 0, best: null, passed: false, seen: {}, open: null, last: null };
  const quizOf = (learner, moduleId) => learner.quizzes[moduleId] || QUIZ;
  const moduleOf = (course, moduleId) => course.modules.find((module) => module.id === moduleId);
  const questionOf = (module, questionId) => module.quiz.questions.find((question) => question.id === questionId);
  const withQuiz = (learner, moduleId, changes) =>
    ({ ...learner, quizzes: { ...learner.quizzes, [moduleId]: { ...quizOf(learner, moduleId), ...changes } } });

  /** The required modules not passed yet; one that is not in this package cannot lock anybody out. */
  function missingBefore(course, learner, module) {
    return module.requires.filter((needed) => moduleOf(course, needed) && !quizOf(learner, needed).passed);
  }

  function isOpen(course, learner, module) {
    return quizOf(learner, module.id).passed || missingBefore(course, learner, module).length === 0;
  }

  function stateOf(course, learner, module) {
    if (quizOf(learner, module.id).passed) return "passed";
    if (missingBefore(course, learner, module).length) return "locked";
    return quizOf(learner, module.id).open || module.lessons.some((lesson) => learner.read.includes(lesson.id)) ? "started" : "open";
  }

  /** {module, lesson} to go on with; without a lesson it is the quiz; null when all is passed. */
  function nextStep(course, learner) {
    for (const module of course.modules) {
      if (["passed", "locked"].includes(stateOf(course, learner, module))) continue;
      return { module, lesson: module.lessons.find((lesson) => !learner.read.includes(lesson.id)) || null };
    }
    return null;
  }

  // Changes: each gives the new learner, or the one it was given when there is nothing to change.

  function read(course, learner, lessonId) {
    const module = course.modules.find((one) => one.lessons.some((lesson) => lesson.id === lessonId));
    if (!module || !isOpen(course, learner, module) || learner.read.includes(lessonId)) return learner;
    return { ...learner, read: [...learner.read, lessonId] };
  }

  function start(course, learner, moduleId, seed = newSeed()) {
    const module = moduleOf(course, moduleId), quiz = quizOf(learner, moduleId);
    if (!module || !isOpen(course, learner, module) || quiz.open) return learner;
    const drawn = our.draw(module.quiz.questions, module.quiz.draw, seed, quiz.seen);
    const questions = drawn.map((question) => ({ id: question.id, answer: [] }));
    return withQuiz(learner, moduleId, { seen: seenMore(module, quiz.seen, drawn), open: { seed, passMark: course.passMark, questions } });
  }

  /** Only the differences decide a draw, so the least number is taken off. */
  function seenMore(module, seen, drawn) {
    const times = module.quiz.questions.map((one) => [one.id, (seen[one.id] || 0) + (drawn.includes(one) ? 1 : 0)]);
    const least = Math.min(...times.map(([, count]) => count));
    return Object.fromEntries(times.filter(([, count]) => count > least).map(([id, count]) => [id, Math.min(count - least, MOST_SEEN)]));
  }

  function answer(course, learner, moduleId, questionId, chosen) {
    const module = moduleOf(course, moduleId), open = quizOf(learner, moduleId).open;
    if (!open || !open.questions.some((one) => one.id === questionId)) return learner;
    const given = our.normal(questionOf(module, questionId), chosen);
    if (given === null) return learner;
    const questions = open.questions.map((one) => (one.id === questionId ? { ...one, answer: given } : one));
    return withQuiz(learner, moduleId, { open: { ...open, questions } });
  }

  /** The ids of the questions of the open attempt that are not answered in full. */
  function unanswered(course, learner, moduleId) {
    const module = moduleOf(course, moduleId), open = quizOf(learner, moduleId).open;
    return open ? open.questions.filter((one) => !our.isComplete(questionOf(module, one.id), one.answer)).map((one) => one.id) : [];
  }

  function submit(course, learner, moduleId, anyway) {
    const module = moduleOf(course, moduleId), quiz = quizOf(learner, moduleId);
    if (!quiz.open || (!anyway && unanswered(course, learner, moduleId).length)) return learner;
    const asked = quiz.open.questions;
    const { percent, passed } = our.mark(asked.map((one) => questionOf(module, one.id)), asked.map((one) => one.answer), quiz.open.passMark);
    return withQuiz(learner, moduleId, {
      attempts: quiz.attempts + 1, best: Math.max(percent, quiz.best === null ? 0 : quiz.best), passed: quiz.passed || passed,
      open: null, last: { ...quiz.open, percent, passed },
    });
  }

  function caseTo(course, learner, caseId, path) {
    const kept = path.length ? { ...learner.cases, [caseId]: path } : Object.fromEntries(Object.entries(learner.cases).filter(([id]) => id !== caseId));
    return { ...learner, cases: kept };
  }

  /** One decision of a case; `made` is how many the page showed, so that a second click decides nothing twice. */
  function decide(course, learner, caseId, made, choiceId) {
    const graph = course.cases.find((one) => one.id === caseId);
    const path = graph && (learner.cases[caseId] || []).length === made ? our.decided(graph, learner.cases[caseId] || [], choiceId) : null;
    return path ? caseTo(course, learner, caseId, path) : learner;
  }

  function takeBack(course, learner, caseId, keep) {
    const graph = course.cases.find((one) => one.id === caseId);
    return graph ? caseTo(course, learner, caseId, our.walk(graph, learner.cases[caseId] || []).path.slice(0, Math.max(keep, 0))) : learner;
  }

  /** Two records of one person become one: whatever was done in either is done. */
  function joined(one, other) {
    const [newer, older] = one.saves >= other.saves ? [one, other] : [other, one];
    const quizzes = { ...older.quizzes };
    for (const [id, quiz] of Object.entries(newer.quizzes)) quizzes[id] = older.quizzes[id] ? joinedQuiz(quiz, older.quizzes[id]) : quiz;
    return {
      ...newer, quizzes,
      read: [...newer.read, ...older.read.filter((id) => !newer.read.includes(id))],
      cases: { ...older.cases, ...newer.cases },
      told: [...new Set([...newer.told, ...older.told])],
    };
  }

  function joinedQuiz(newer, older) {
    const more = older.attempts > newer.attempts ? older : newer;
    const best = [newer.best, older.best].filter((percent) => percent !== null);
    return { ...more, passed: newer.passed || older.passed, best: best.length ? Math.max(...best) : null };
  }

  /** The record that a host is told, and that is the same whichever way the course was taken: score, progress and
      completion are those of the modules that count, as for the certificate and the grade of a launch. */
  function recordOf(course, learner) {
    const modules = course.modules.map((module) => {
      const { attempts, best, passed } = quizOf(learner, module.id);
      const lessons = module.lessons.map((lesson) => lesson.id).filter((id) => learner.read.includes(id));
      return { module: module.id, lessons, attempts, best, passed };
    });
    const pages = (one) => moduleOf(course, one.module).lessons.length + 1;
    const counted = modules.filter((one) => course.counted.includes(one.module));
    const sum = (of) => counted.reduce((total, one) => total + of(one), 0);
    const done = sum((one) => (one.passed ? pages(one) : one.lessons.length));
    return {
      modules, completed: counted.every((one) => one.passed), progress: Math.floor((100 * done) / sum(pages)),
      score: counted.some((one) => one.attempts) ? Math.floor(sum((one) => one.best || 0) / counted.length) : null,
    };
  }

  const begun = (learner) => learner.read.length > 0 || Object.keys(learner.quizzes).length > 0 || Object.keys(learner.cases).length > 0;

  Object.assign(our, {
    LETTERS, newLearner, quizOf, moduleOf, questionOf, missingBefore, stateOf, nextStep, unanswered, joined, recordOf, begun,
    changes: { read, start, answer, submit, decide, takeBack },
  });
})();
