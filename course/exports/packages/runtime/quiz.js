/* What is drawn, and how an attempt is marked: the rules of course/domain/quiz.py. Values in, a value out. */
(() => {
  "use strict";
  const our = (globalThis.coursePackage = globalThis.coursePackage || {});
  const GAP = "-";
  const sorted = (texts) => [...texts].sort();

  /** The questions of one attempt, in order: those seen least often first, and among them every objective in turn. */
  function draw(bank, size, seed, timesSeen) {
    const chance = new our.Chance(seed), byTimes = new Map();
    for (const question of [...bank].sort((one, other) => (one.id < other.id ? -1 : 1))) {
      const times = timesSeen[question.id] || 0;
      byTimes.set(times, [...(byTimes.get(times) || []), question]);
    }
    const drawn = [...byTimes.keys()].sort((one, other) => one - other).flatMap((times) => inTurn(byTimes.get(times), chance));
    return chance.shuffle(drawn.slice(0, size));
  }

  function inTurn(questions, chance) {
    const queues = new Map();
    for (const one of questions) queues.set(one.objective, [...(queues.get(one.objective) || []), one]);
    for (const queue of queues.values()) chance.shuffle(queue);
    const turns = chance.shuffle([...queues.values()]);
    const longest = Math.max(0, ...turns.map((queue) => queue.length));
    const found = [];
    for (let place = 0; place < longest; place += 1) {
      for (const queue of turns) if (place < queue.length) found.push(queue[place]);
    }
    return found;
  }

  /** The order in which an attempt shows the options. */
  function shuffledOptions(question, seed) {
    if (question.kind === "true-false") return [...question.options];
    const options = new our.Chance(`${seed}:${question.id}`).shuffle(sorted(question.options));
    if (question.kind === "order" && options.join() === question.correct.join()) options.push(options.shift());
    return options;
  }

  /** What was chosen, in the one form in which answers are kept and compared; null for what the question does not have. */
  function normal(question, chosen) {
    if (question.kind === "match") return normalPairs(question, chosen);
    if (chosen.some((one) => one !== "" && one !== GAP && !question.options.includes(one))) return null;
    if (question.kind === "order") {
      const places = chosen.map((one) => one || GAP);
      while (places.length && places[places.length - 1] === GAP) places.pop();
      return places.length > question.options.length ? null : places;
    }
    const picked = sorted(new Set(chosen.filter((one) => question.options.includes(one))));
    return question.kind !== "several" && picked.length > 1 ? null : picked;
  }

  function normalPairs(question, chosen) {
    const pairs = {};
    for (const pair of chosen) {
      const at = pair.indexOf("=");
      const option = at < 0 ? pair : pair.slice(0, at), target = at < 0 ? "" : pair.slice(at + 1);
      if (pair === "" || (at >= 0 && target === "")) continue;
      if (!question.options.includes(option) || !question.targets.includes(target)) return null;
      pairs[option] = target;
    }
    return sorted(Object.entries(pairs).map(([option, target]) => `${option}=${target}`));
  }

  function isComplete(question, answer) {
    if (question.kind === "order") return sorted(answer).join() === sorted(question.options).join();
    if (question.kind === "match") return answer.length === question.options.length;
    return answer.length > 0;
  }

  /** [earned, of]: partial credit as a fraction of whole numbers, so that nothing is lost in rounding. */
  function points(question, answer) {
    const of = question.correct.length;
    const right = answer.filter((one) => question.correct.includes(one)).length;
    if (!answer.length) return [0, 1];
    if (question.kind === "several") return [Math.max(0, right - (answer.length - right)), of];
    if (question.kind === "order") return [answer.filter((one, place) => one === question.correct[place]).length, of];
    if (question.kind === "match") return [right, of];
    return [answer.join() === question.correct.join() ? 1 : 0, 1];
  }

  const isRight = (question, answer) => { const [earned, of] = points(question, answer); return earned === of; };

  /** {percent, passed}: percent rounded down, so that 79.9 never reads as a pass at 80. */
  function mark(questions, answers, passMark) {
    let earned = 0n, of = 1n;
    questions.forEach((question, place) => {
      const [more, parts] = points(question, answers[place] || []).map(BigInt);
      [earned, of] = [earned * parts + more * of, of * parts];
    });
    const whole = of * BigInt(questions.length);
    return {
      percent: questions.length ? Number((earned * 100n) / whole) : 0,
      passed: questions.length > 0 && earned * 100n >= BigInt(passMark) * whole,
    };
  }

  Object.assign(our, { GAP, draw, shuffledOptions, normal, isComplete, points, isRight, mark });
})();
