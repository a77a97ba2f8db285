// Plays scripted learners with the runtime of a package on the platform of its standard: scorm-again for SCORM, a record
// store for cmi5. `node players.mjs KIND` reads {runtime, key, scripts} and prints what came of each script.
//
// Everything stands in one process without a browser: the time is a number, what a platform is sent comes at once, and
// each visit has an interface of its own. One visit ends and the next begins wherever a script says "leave".
import assert from "node:assert";
import fs from "node:fs";
import vm from "node:vm";
import { webcrypto } from "node:crypto";

const HERE = new URL("./", import.meta.url);
/** What a change takes, and how long a learner thinks: the runtime saves an answer after 400 of these. */
const MOMENT = 60, PAUSE = 5000;
/** Tries that come later than this belong to platforms that fail. */
const SOON = 1000;

const run = (context, source, filename) => vm.runInContext(source, context, { filename });
const settled = () => new Promise((done) => setImmediate(done));

/** A store of the browser on one device. */
const newDevice = () => {
  const kept = new Map();
  return { getItem: (name) => (kept.has(name) ? kept.get(name) : null), setItem: (name, value) => { kept.set(name, String(value)); } };
};

/** Time that passes when it is told to. */
class Clock {
  constructor() { Object.assign(this, { now: 0, waiting: new Map(), last: 0 }); }

  set(act, pause = 0) { this.waiting.set((this.last += 1), { act, at: this.now + pause, pause }); return this.last; }

  pass(length) {
    this.now += length;
    for (const [id, { act, at, pause }] of [...this.waiting]) {
      if (at > this.now || !this.waiting.delete(id)) continue;
      assert(pause <= SOON, "the package waits for a platform that is in order");
      act();
    }
  }
}

/** Platforms of SCORM: the page of the tests' platform (tests/packages/hosts) with scorm-again, and what it kept. */
class ScormPlatform {
  constructor(kind) {
    const platform = this;
    this.name = kind === "scorm12" ? "API" : "API_1484_11";
    class Request {
      open(method, address) { Object.assign(this, { method, address }); }
      setRequestHeader() {}
      send(body) {
        Object.assign(this, { status: 200, readyState: 4, responseText: this.method === "GET" ? JSON.stringify(platform.kept) : platform.commit(body) });
      }
    }
    // The last word of a visit comes as a beacon, as in a window that closes.
    class Blob { constructor(parts) { this.said = parts.join(""); } }
    const navigator = { sendBeacon: (_, blob) => Boolean(platform.commit(blob.said)) };
    this.page = vm.createContext({ console, XMLHttpRequest: Request, Blob, navigator, addEventListener() {}, location: { hash: "" } });
    Object.assign(this.page, { window: this.page, self: this.page, setTimeout: () => 0, clearTimeout() {} });
    run(this.page, fs.readFileSync(new URL(`../npm/node_modules/scorm-again/dist/${kind}.min.js`, HERE), "utf8"), kind);
    this.opens = new vm.Script(`(() => {${fs.readFileSync(new URL(`hosts/${kind}.js`, HERE), "utf8")}})()`);
  }

  /** Another learner. */
  begin() { Object.assign(this, { kept: {}, faults: [], longest: 0 }); }

  commit(body) {
    this.kept = JSON.parse(body);
    this.longest = Math.max(this.longest, (this.kept.cmi.suspend_data || "").length);
    return '{"result": true, "errorCode": 0}';
  }

  opened(window) {
    this.opens.runInContext(this.page);
    window.parent = { [this.name]: this.page[this.name] };
    window.parent.parent = window.parent;
  }

  left() { this.faults.push(...this.page.calls.filter((call) => call[3] !== "0")); }

  /** What the platform has in its own words. */
  get told() {
    const { cmi } = this.kept;
    const raw = (cmi.core || cmi).score.raw;
    const achieved = cmi.core ? { status: cmi.core.lesson_status } : { completion: cmi.completion_status, success: cmi.success_status, scaled: cmi.score.scaled };
    return { ...achieved, score: raw === "" || raw === undefined ? null : Number(raw) };
  }
}

/** A record store: keeps what it is sent and when, for whoever judges it. */
class Cmi5Platform {
  begin() { Object.assign(this, { states: {}, sent: [], faults: [], longest: 0, launches: 0 }); }

  opened(window) {
    const launch = (this.launches += 1);
    const actor = JSON.stringify({ objectType: "Agent", account: { homePage: "https://platform.example", name: "learner-7" } });
    const given = { endpoint: "https://platform.example/xapi/", fetch: `https://platform.example/fetch/${launch}`, actor, registration: "1b1d9bd0-6f3a-4b6c-9a0f-6a6f1f6b8a11", activityId: "urn:uuid:310b4c3e-5517-5cbe-9224-4d50c5e65fff" };
    const cmi5 = "https://w3id.org/xapi/cmi5/context";
    this.states["LMS.LaunchData"] = {
      launchMode: "Normal", masteryScore: 0.8, moveOn: "CompletedAndPassed",
      contextTemplate: { contextActivities: { category: [{ id: `${cmi5}/categories/cmi5` }] }, extensions: { [`${cmi5}/extensions/sessionid`]: `session-${launch}` } },
    };
    Object.assign(window, { location: { search: `?${new URLSearchParams(given)}` }, fetch: async (address, options) => this.answer(launch, new URL(address), options) });
  }

  left() {}

  answer(launch, address, { method, body }) {
    const says = (status, given) => ({ ok: status < 300, status, json: async () => given });
    if (address.pathname.startsWith("/fetch/")) return says(200, { "auth-token": `t${launch}` });
    const stateId = address.searchParams.get("stateId");
    if (address.pathname === "/xapi/statements") {
      this.sent.push(...[JSON.parse(body)].flat().map((statement) => [launch, statement]));
      return says(204);
    }
    if (address.pathname !== "/xapi/activities/state") return says(404);
    if (method === "GET") return stateId in this.states ? says(200, this.states[stateId]) : says(404);
    this.states[stateId] = JSON.parse(body);
    this.longest = Math.max(this.longest, this.states[stateId].text.length);
    return says(204);
  }

  get told() { return this.sent; }
}

/** The package in a window. */
class Package {
  constructor(runtime, key) {
    const clock = (this.clock = new Clock());
    const window = (this.window = vm.createContext({
      console, TextEncoder, URLSearchParams, URL, crypto: webcrypto, addEventListener() {}, location: { search: "" },
      setTimeout: (act, pause) => clock.set(act, pause), clearTimeout: (id) => clock.waiting.delete(id),
    }));
    Object.assign(window, { window, parent: window });
    run(window, runtime, "runtime.js");
    Object.assign(this, { our: window.coursePackage, course: key });
  }

  async visit(platform, device) {
    this.clock.waiting.clear();
    Object.assign(this.window, { localStorage: device, sessionStorage: newDevice() });
    platform.opened(this.window);
    this.keeper = new this.our.Keeper(this.course, await this.our.findHost(), () => {});
    await this.keeper.begin();
    assert.equal(this.keeper.sign, "");
    assert(["", "recovered"].includes(this.keeper.news), this.keeper.news);
    // What the page does when it is shown for the first time.
    if (!this.keeper.learner.saves) this.keeper.change(this.keeper.learner, true);
    await settled();
  }

  /** As start.js does it: an answer is saved after a moment, everything else at once. */
  change(name, values) {
    const learner = this.our.changes[name](this.course, this.keeper.learner, ...values);
    if (learner !== this.keeper.learner) this.keeper.change(learner, name !== "answer");
  }

  async leave(platform, how) {
    if (how !== "killed") this.keeper.finish();
    await settled();
    platform.left();
  }
}

async function play(one, platform, script) {
  let device = newDevice(), visits = 1;
  platform.begin();
  await one.visit(platform, device);
  for (const [name, ...values] of script) {
    if (name in one.our.changes) {
      one.change(name, values);
      one.clock.pass(MOMENT);
    } else if (name === "pause") {
      one.clock.pass(PAUSE);
    } else if (name === "leave") {
      await one.leave(platform, values[0]);
      if (values[0] === "elsewhere") device = newDevice();
      await one.visit(platform, device);
      visits += 1;
    }
    await settled();
  }
  const record = one.our.recordOf(one.course, one.keeper.learner);
  await one.leave(platform, "closed");
  const told = platform.told;
  // Whoever comes back on another device has what the platform kept, and nothing else.
  await one.visit(platform, newDevice());
  const kept = one.our.recordOf(one.course, one.keeper.learner);
  await one.leave(platform, "closed");
  return { record, kept, told, visits, faults: platform.faults, longest: platform.longest };
}

let given = "";
for await (const part of process.stdin) given += part;
const kind = process.argv[2], { runtime, key, scripts } = JSON.parse(given);
const platform = kind === "cmi5" ? new Cmi5Platform() : new ScormPlatform(kind), one = new Package(runtime, key);
const found = [];
for (const script of scripts) found.push(await play(one, platform, script));
console.log(JSON.stringify(found));
