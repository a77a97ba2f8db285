// Plays a learner on platforms that fail: three visits with the real adapters and the real keeper of the packages, in
// node. The first ends in the middle, the second finishes the course on the same device, the third is on another one.
import fs from "node:fs";
import vm from "node:vm";
import { webcrypto } from "node:crypto";
import { FAULTS } from "./faults.mjs";

const FOLDER = new URL("../../course/exports/packages/runtime/", import.meta.url);
const PARTS = ["chance", "quiz", "walk", "learner", "codec", "hosts"];
const source = (name) => fs.readFileSync(new URL(`${name}.js`, FOLDER), "utf8");
const SOON = 1000;

let keepsOnDevice = true;

/** A store of the browser on one device. */
const newDevice = () => {
  if (!keepsOnDevice) return { getItem: () => null, setItem: () => { throw new Error("QuotaExceededError"); } };
  const kept = new Map();
  return { getItem: (name) => (kept.has(name) ? kept.get(name) : null), setItem: (name, value) => { kept.set(name, String(value)); } };
};

// A SCORM platform that is in order

const NAMES = {
  scorm12: {
    start: "LMSInitialize", end: "LMSFinish", get: "LMSGetValue", set: "LMSSetValue", commit: "LMSCommit", error: "LMSGetLastError", api: "API",
    begun: "101", mode: "cmi.core.lesson_mode", status: "cmi.core.lesson_status", exit: "cmi.core.exit", entry: "cmi.core.entry", fresh: "not attempted", limit: 4096,
    given: { "cmi.core.student_id": "7", "cmi.core.lesson_mode": "normal", "cmi.student_preference.language": "" },
    taken: ["cmi.suspend_data", "cmi.core.lesson_location", "cmi.core.score.raw", "cmi.core.score.min", "cmi.core.score.max", "cmi.core.lesson_status", "cmi.core.session_time", "cmi.core.exit"],
    passed: (kept) => kept["cmi.core.lesson_status"] === "passed",
  },
  scorm2004: {
    start: "Initialize", end: "Terminate", get: "GetValue", set: "SetValue", commit: "Commit", error: "GetLastError", api: "API_1484_11",
    begun: "103", mode: "cmi.mode", status: "cmi.completion_status", exit: "cmi.exit", entry: "cmi.entry", fresh: "unknown", limit: 64000,
    given: { "cmi.learner_id": "7", "cmi.mode": "normal", "cmi.learner_preference.language": "" },
    taken: ["cmi.suspend_data", "cmi.location", "cmi.score.raw", "cmi.score.min", "cmi.score.max", "cmi.score.scaled", "cmi.progress_measure", "cmi.completion_status", "cmi.success_status", "cmi.session_time", "cmi.exit"],
    passed: (kept) => kept["cmi.completion_status"] === "completed" && kept["cmi.success_status"] === "passed",
  },
};

function apiFor(kind, server) {
  const names = NAMES[kind], resumes = server.kept[names.exit] === "suspend";
  const live = resumes ? { ...server.kept } : {};
  let begun = false, ended = false, error = "0";
  const says = (answer, code = "0") => { error = code; return answer; };
  const api = {
    [names.start]: () => {
      if (begun) return says("false", names.begun);
      begun = true;
      return says("true");
    },
    [names.get]: (name) => {
      if (!begun || ended) return says("", "301");
      if (name === names.entry) return says(resumes ? "resume" : "ab-initio");
      if (name === names.mode && server.back) return says("review");
      if (name in names.given) return says(names.given[name]);
      if (name === names.status) return says(live[name] || names.fresh);
      if (!names.taken.includes(name)) return says("", "201");
      return name in live ? says(live[name]) : kind === "scorm2004" ? says("", "403") : says("");
    },
    [names.set]: (name, value) => {
      if (!begun || ended) return says("false", "301");
      if (typeof value !== "string" || !names.taken.includes(name)) return says("false", "401");
      if (server.back && server.back.push(name) && server.deaf) return says("false", "403");
      if (name === "cmi.suspend_data" && value.length > names.limit) return says("false", "405");
      live[name] = value;
      return says("true");
    },
    [names.commit]: () => {
      if (!begun || ended) return says("false", "301");
      if (server.back && server.deaf) return says("false", "391");
      server.save(live);
      return says("true");
    },
    [names.end]: () => {
      if (!begun || ended) return says("false", "301");
      server.save(live);
      ended = true;
      return says("true");
    },
    [names.error]: () => error,
  };
  return api;
}

function scormPlatform(fault) {
  const server = { kept: {}, save(live) { this.kept = fault.kept ? fault.kept(this.kept, { ...live }) : { ...live }; } };
  const names = NAMES[fault.kind];
  return {
    visit(window) {
      const api = apiFor(fault.kind, server);
      if (fault.api) fault.api(api);
      if (fault.get) {
        const get = api[names.get];
        api[names.get] = (name) => (name in fault.get ? fault.get[name] : get(name));
      }
      if (fault.place) fault.place(window, api);
      else { window.parent = { [names.api]: api }; window.parent.parent = window.parent; }
      return { closing: () => fault.closing && fault.closing(api) };
    },
    server,
    get hasPassed() { return names.passed(server.kept); },
    get stateLength() { return (server.kept["cmi.suspend_data"] || "").length; },
  };
}

// A record store that is in order

function cmi5Platform(fault) {
  const states = {}, statements = [], tokens = new Set();
  let launches = 0;
  const actor = fault.actor || { objectType: "Agent", mbox: "mailto:learner@platform.example" };
  const answer = (status, body) => ({ ok: status < 300, status, json: async () => body });
  async function fetch(address, { method, headers = {}, body } = {}) {
    const url = new URL(address), values = url.searchParams;
    if (url.pathname.startsWith("/fetch/")) {
      if (tokens.has(address)) return answer(200, { "error-code": "1", "error-text": "used" });
      tokens.add(address);
      return answer(200, { "auth-token": `t${launches}` });
    }
    if (headers.Authorization !== `Basic t${launches}`) return answer(401);
    if (url.pathname.endsWith("/state")) {
      const name = values.get("stateId");
      if (method === "PUT") { states[name] = JSON.parse(body); return answer(204); }
      if (fault.state && name !== "LMS.LaunchData") return answer(200, fault.state());
      return name in states ? answer(200, states[name]) : answer(404);
    }
    if (!url.pathname.endsWith("/statements")) return answer(404);
    for (const one of [JSON.parse(body)].flat()) {
      if (fault.refuse && fault.refuse(one)) return answer(403);
      if (statements.some((known) => known.id === one.id)) return answer(409);
      statements.push(one);
    }
    return answer(204);
  }
  return {
    visit(window, again) {
      if (!again) launches += 1;
      states["LMS.LaunchData"] = {
        launchMode: "Normal", masteryScore: 0.8, moveOn: "CompletedAndPassed",
        contextTemplate: { extensions: { "https://w3id.org/xapi/cmi5/context/extensions/sessionid": `s${launches}` } },
      };
      const launch = { endpoint: "https://platform.example/xapi", fetch: `https://platform.example/fetch/${launches}`, actor: JSON.stringify(actor), registration: "1b1d9bd0-6f3a-4b6c-9a0f-6a6f1f6b8a11", activityId: "urn:uuid:310b4c3e-5517-5cbe-9224-4d50c5e65fff" };
      Object.assign(window, { fetch, location: { search: `?${new URLSearchParams(launch)}` } });
      return { closing() {} };
    },
    get hasPassed() { return ["completed", "passed"].every((verb) => statements.some((one) => one.verb.id.endsWith(verb))); },
    get stateLength() { return states["course-package-state"] ? states["course-package-state"].text.length : 0; },
  };
}

// A visit

const settled = () => new Promise((done) => setTimeout(done, 4));

async function visit(fault, platform, key, device, session, again = false) {
  const context = {
    console, TextEncoder, URLSearchParams, URL, crypto: webcrypto, localStorage: device, sessionStorage: session, location: { search: "" },
    // What comes soon comes at once; what is to be tried again later is not waited for.
    setTimeout: (act, pause = 0) => (pause <= SOON ? setTimeout(act, 0) : 0), clearTimeout,
  };
  context.window = context;
  context.parent = context;
  vm.createContext(context);
  const { closing } = platform.visit(context, again);
  for (const name of [...PARTS, `host-${fault.kind}`, "keeping", "markup", "frame"]) vm.runInContext(source(name), context, { filename: name });
  const our = context.coursePackage, seen = new Set();
  const view = () => ({ keeper, path: [], language: "en", say: (text) => text });
  const keeper = new our.Keeper(key, await our.findHost(), () => { const found = our.warning(view()); if (found) seen.add(keeper.sign); });
  await keeper.begin();
  const news = keeper.news;
  if (our.news(view())) seen.add(news);
  if (keeper.news === "ask") keeper.settle(true);
  if (our.news(view())) seen.add(keeper.news);
  // What the page does at its first look: it notes the language.
  keeper.change({ ...keeper.learner, language: "en" }, true);
  await settled();
  if (our.warning(view())) seen.add(keeper.sign);
  const does = async (name, ...values) => { keeper.change(our.changes[name](key, keeper.learner, ...values)); await settled(); };
  return {
    our, keeper, news, does, seen, record: () => our.recordOf(key, keeper.learner),
    async end() {
      await keeper.save();
      await settled();
      closing();
      if (!fault.killed) keeper.finish();
      await settled();
      return { warned: [...seen], record: our.recordOf(key, keeper.learner) };
    },
  };
}

async function passes(here, module, seed) {
  await here.does("read", module.lessons[0].id);
  await here.does("start", module.id, seed);
  for (const { id } of here.our.quizOf(here.keeper.learner, module.id).open.questions) {
    await here.does("answer", module.id, id, here.our.questionOf(module, id).correct);
  }
  await here.does("submit", module.id, true);
}

/** The course is passed, and from now on the platform opens it for looking back. `deaf`: it takes nothing then. What is
    done on one device, and what of it stands on another. */
async function lookBack(fault, platform, key, deaf) {
  Object.assign(platform.server, { back: [], deaf });
  const here = await visit(fault, platform, key, newDevice(), newDevice());
  await passes(here, key.modules[0], 3);
  const sign = here.keeper.sign, { record, warned } = await here.end();
  const there = await visit(fault, platform, key, newDevice(), newDevice());
  const attempts = (one) => one.modules[0].attempts;
  return { done: attempts(record), kept: attempts(there.record()), warned, sign, said: [...new Set(platform.server.back)], passed: platform.hasPassed };
}

async function play(fault, key) {
  const platform = fault.kind === "cmi5" ? cmi5Platform(fault) : scormPlatform(fault);
  const device = newDevice();
  const one = await visit(fault, platform, key, device, newDevice());
  await passes(one, key.modules[0], 1);
  if (key.modules[1]) await one.does("read", key.modules[1].lessons[0].id);
  const first = await one.end();
  const early = platform.hasPassed;
  const session = newDevice();
  let two = await visit(fault, platform, key, device, session);
  const resumed = two.record();
  if (fault.reload) two = await visit(fault, platform, key, device, session, true);
  for (const module of key.modules) {
    if (!two.our.quizOf(two.keeper.learner, module.id).passed) await passes(two, module, 2);
  }
  const second = await two.end();
  const told = platform.hasPassed, length = platform.stateLength;
  const three = await visit(fault, platform, key, newDevice(), newDevice());
  const elsewhere = three.record();
  const back = fault.report || !platform.server ? [] : [await lookBack(fault, platform, key, true), await lookBack(fault, platform, key, false)];
  return {
    back,
    id: fault.id, kind: fault.kind, what: fault.what, report: fault.report, early, told, length,
    sameDevice: JSON.stringify(resumed) === JSON.stringify(first.record), putBack: ["ask", "recovered"].includes(two.news),
    completed: second.record.completed, record: second.record, warned: [...new Set([...first.warned, ...second.warned])],
    elsewhere: JSON.stringify(elsewhere) === JSON.stringify(second.record), elsewhereSaid: [...three.seen],
  };
}

let given = "";
for await (const part of process.stdin) given += part;
// `only`: the faults that are wanted. `device` false: the browser keeps nothing either.
const { key, only, device } = JSON.parse(given);
keepsOnDevice = device !== false;
const sound = ["scorm12", "scorm2004", "cmi5"].map((kind) => ({ id: `sound-${kind}`, kind, what: "Nothing.", report: "" }));
const found = [];
for (const fault of [...sound, ...FAULTS].filter((one) => !only || only.includes(one.id))) found.push(await play(fault, key));
console.log(JSON.stringify(found));
process.exit(0);
