// The runtime of the packages without a browser. `node runtime.mjs WHAT` reads a JSON value and prints one.
import assert from "node:assert";
import fs from "node:fs";
import vm from "node:vm";

const FOLDER = new URL("../../course/exports/packages/runtime/", import.meta.url);
export const source = (name) => fs.readFileSync(new URL(`${name}.js`, FOLDER), "utf8");
for (const name of ["chance", "quiz", "walk", "learner", "codec"]) vm.runInThisContext(source(name), { filename: `${name}.js` });
const our = globalThis.coursePackage;

const quizOf = (key, moduleId) => our.moduleOf(key, moduleId).quiz;

/** What is drawn for each seed and history, and the order of the options. */
function draws({ key, asked }) {
  return asked.map(({ module, seed, seen }) => {
    const quiz = quizOf(key, module), drawn = our.draw(quiz.questions, quiz.draw, seed, seen);
    return { ids: drawn.map((one) => one.id), options: drawn.map((one) => our.shuffledOptions(one, seed)) };
  });
}

/** How each answer is read, and what it earns. */
function answers({ key, given }) {
  return given.map(({ module, question: id, chosen }) => {
    const question = our.questionOf(our.moduleOf(key, module), id), answer = our.normal(question, chosen);
    if (answer === null) return null;
    const [earned, of] = our.points(question, answer);
    return { answer, complete: our.isComplete(question, answer), earned, of, right: our.isRight(question, answer) };
  });
}

/** How whole attempts are marked. */
function marks({ key, attempts }) {
  return attempts.map(({ module, ids, answers: given, passMark }) => {
    const asked = ids.map((id) => our.questionOf(our.moduleOf(key, module), id));
    return our.mark(asked, asked.map((question, place) => our.normal(question, given[place])), passMark);
  });
}

function walks({ key, paths }) {
  return paths.map(([caseId, path]) => {
    const walk = our.walk(key.cases.find((one) => one.id === caseId), path);
    return { path: walk.path, node: walk.node.id, ended: walk.ended };
  });
}

/** The changes of a script; what else is in it is for visits and pages. */
const changesIn = (script) => script.filter(([name]) => name in our.changes);
const played = (key, learner, script) => changesIn(script).reduce((next, [name, ...values]) => our.changes[name](key, next, ...values), learner);

/** Each script of a learner played; what came of it, and that its saved state reads back as it was. */
function records({ key, scripts }) {
  let longest = 0;
  const found = scripts.map((script, number) => {
    let learner = our.newLearner(`L${String(number).padStart(4, "0")}`);
    for (const action of changesIn(script)) {
      learner = played(key, learner, [action]);
      learner = { ...learner, saves: learner.saves + 1, language: key.languages[number % key.languages.length] };
    }
    const text = our.encode(key, learner);
    assert.match(text, /^[A-Za-z0-9_.!~-]+$/);
    assert.deepStrictEqual(our.decode(key, text), learner);
    longest = Math.max(longest, text.length);
    return our.recordOf(key, learner);
  });
  return { records: found, longest };
}

/** Texts that are cut or changed are never taken for a learner's. */
function damaged({ key, script, cuts }) {
  const learner = played(key, our.newLearner("L0000"), script);
  const text = our.encode(key, learner);
  return { length: text.length, taken: cuts.filter((cut) => our.decode(key, text.slice(0, Math.floor(cut * text.length))) !== null) };
}

/** A state written with one key and read with another: an edit of the content in between. */
function edited({ before, after, script }) {
  const learner = played(before, our.newLearner("L0000"), script);
  const read = our.decode(after, our.encode(before, learner));
  return { before: our.recordOf(before, learner), after: our.recordOf(after, read), open: read.quizzes };
}

/** Two records of one person, begun alike and gone on with on two devices, joined both ways. */
function joined({ key, pairs }) {
  const saved = (learner, script) => changesIn(script).reduce((next, action) => ({ ...played(key, next, [action]), saves: next.saves + 1 }), learner);
  return pairs.map(([before, here, there]) => {
    const start = saved(our.newLearner("L0000"), before), one = saved(start, here), other = saved(start, there);
    const both = our.joined(one, other), again = our.joined(both, other);
    assert.deepStrictEqual(our.recordOf(key, again), our.recordOf(key, both));
    assert.deepStrictEqual(our.recordOf(key, our.joined(other, one)), our.recordOf(key, both));
    assert.deepStrictEqual(our.decode(key, our.encode(key, both)), both);
    return [one, other, both].map((learner) => our.recordOf(key, learner));
  });
}

/** The longest state that a search finds: each module and each case by itself, as they do not touch each other. */
function search({ key, rounds, seed }) {
  const chance = new our.Chance(seed);
  const pick = (list) => list[chance.below(list.length)];
  const full = (question) => {
    const options = chance.shuffle([...question.options]);
    if (question.kind === "order") return options;
    if (question.kind === "match") return options.map((one) => `${one}=${pick(question.targets)}`);
    return question.kind === "several" ? options.slice(0, 1 + chance.below(options.length)) : options.slice(0, 1);
  };
  const answered = (learner, module, how) => our.quizOf(learner, module.id).open.questions.reduce(
    (next, one) => our.changes.answer(key, next, module.id, one.id, how(our.questionOf(module, one.id))), learner);
  const length = (learner) => our.encode(key, learner).length;

  let learner = { ...our.newLearner("L0000"), saves: 64 ** 4 - 1, language: key.languages[0], place: key.modules[0].lessons[0].id };
  learner.told = ["completed", "passed"];
  for (const module of key.modules) {
    for (const lesson of module.lessons) learner = our.changes.read(key, learner, lesson.id);
    let longest = learner;
    for (let round = 0; round < rounds; round += 1) {
      let tried = learner;
      for (let attempt = 1 + chance.below(6); attempt >= 0; attempt -= 1) {
        tried = our.changes.start(key, tried, module.id, chance.below(2 ** 31));
        const passing = !our.quizOf(tried, module.id).passed && attempt === 1;
        tried = answered(tried, module, passing ? (question) => question.correct : full);
        if (attempt) tried = our.changes.submit(key, tried, module.id, true);
      }
      // Only a passed module opens the next one.
      if (our.quizOf(tried, module.id).passed && length(tried) > length(longest)) longest = tried;
    }
    learner = longest;
  }
  for (const graph of key.cases) {
    let longest = learner;
    for (let round = 0; round < rounds; round += 1) {
      let tried = learner;
      for (let walk = our.walk(graph, []); !walk.ended; walk = our.walk(graph, tried.cases[graph.id])) {
        tried = our.changes.decide(key, tried, graph.id, walk.steps.length, pick(walk.node.choices).id);
      }
      if (length(tried) > length(longest)) longest = tried;
    }
    learner = longest;
  }
  assert.deepStrictEqual(our.decode(key, our.encode(key, learner)), learner);
  return { longest: length(learner) };
}

const work = { draws, answers, marks, walks, records, damaged, edited, joined, search }[process.argv[2]];
if (work) {
  let given = "";
  for await (const part of process.stdin) given += part;
  console.log(JSON.stringify(work(JSON.parse(given))));
}
