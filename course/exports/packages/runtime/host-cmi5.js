/* cmi5: the adapter. It speaks to the platform's record store with the few statements that cmi5 defines. */
(() => {
  "use strict";
  const our = (globalThis.coursePackage = globalThis.coursePackage || {});
  const VERBS = "http://adlnet.gov/expapi/verbs/";
  const CATEGORY = "https://w3id.org/xapi/cmi5/context/categories/";
  const MASTERY = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore";
  const LAUNCH = ["endpoint", "fetch", "actor", "registration", "activityId"];
  const STATE = "course-package-state";

  /** The same statement of one registration has the same id, so a record store never takes it twice. */
  function idOf(...parts) {
    const bytes = our.sha512(new TextEncoder().encode(parts.join(" "))).slice(0, 16);
    bytes[6] = (bytes[6] & 0x0f) | 0x50;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  /** The token of a launch is given once. A page that is loaded again in the same window still has it. */
  const session = {
    read(name) { try { return sessionStorage.getItem(name) || ""; } catch { return ""; } },
    write(name, value) { try { sessionStorage.setItem(name, value); } catch { /* Then a reload needs a new launch. */ } },
  };

  function cmi5(launch) {
    const begun = Date.now(), told = [];
    const actor = JSON.parse(launch.actor), endpoint = launch.endpoint.replace(/\/?$/, "/");
    let token = "", given = {}, ended = false, keeps = false, said = false;

    function call(method, place, values, { body, keepalive = false } = {}) {
      const headers = { "X-Experience-API-Version": "1.0.3", Authorization: `Basic ${token}` };
      if (body !== undefined) headers["Content-Type"] = "application/json";
      return fetch(`${endpoint}${place}?${new URLSearchParams(values)}`, { method, headers, keepalive, body: body === undefined ? undefined : JSON.stringify(body) });
    }

    const stateOf = (stateId) => ({ activityId: launch.activityId, agent: launch.actor, registration: launch.registration, stateId });

    async function read(place, values) {
      const answer = await call("GET", place, values);
      return answer.ok ? answer.json() : {};
    }

    async function tokenOf() {
      const kept = session.read(`token ${launch.fetch}`);
      if (kept) return kept;
      const answer = await fetch(launch.fetch, { method: "POST" });
      const found = (await answer.json())["auth-token"] || "";
      if (found) session.write(`token ${launch.fetch}`, found);
      return found;
    }

    function statement(verb, { result, moveOn = false, mastery = false } = {}) {
      const template = given.contextTemplate || {}, activities = template.contextActivities || {};
      const category = [...(activities.category || [])];
      for (const name of moveOn ? ["cmi5", "moveon"] : ["cmi5"]) {
        if (!category.some((one) => one.id === CATEGORY + name)) category.push({ id: CATEGORY + name });
      }
      const extensions = { ...template.extensions, ...(mastery && given.masteryScore !== undefined ? { [MASTERY]: given.masteryScore } : {}) };
      return {
        id: verb === "completed" || verb === "passed" ? idOf(launch.registration, launch.activityId, verb) : idOf(launch.registration, launch.fetch, verb),
        actor, verb: { id: VERBS + verb, display: { en: verb } }, object: { objectType: "Activity", id: launch.activityId },
        ...(result ? { result } : {}), timestamp: new Date().toISOString(),
        context: { ...template, registration: launch.registration, contextActivities: { ...activities, category }, extensions },
      };
    }

    const took = () => our.duration((Date.now() - begun) / 1000);

    /** What the record calls for and the platform has not been told. A score below its mark is never called a pass. */
    function due(record) {
      if (!keeps || !record.completed) return [];
      const scaled = record.score / 100, found = [];
      const isNew = (verb) => !told.includes(verb) && !record.told.includes(verb);
      if (isNew("completed")) found.push(["completed", statement("completed", { moveOn: true, result: { completion: true, duration: took() } })]);
      if (isNew("passed") && scaled >= (given.masteryScore || 0)) {
        const score = { scaled, raw: record.score, min: 0, max: 100 };
        found.push(["passed", statement("passed", { moveOn: true, mastery: true, result: { success: true, score, duration: took() } })]);
      }
      return found;
    }

    async function start() {
      const without = (sign) => ({ ...our.noHost.start(), who: launch.actor, sign });
      if (session.read(`ended ${launch.fetch}`)) return without("over");
      try {
        token = await tokenOf();
        return token ? await begin() : without("shut");
      } catch { return without("shut"); }
    }

    async function begin() {
      given = await read("activities/state", stateOf("LMS.LaunchData"));
      const preferences = await read("agents/profile", { agent: launch.actor, profileId: "cmi5LearnerPreferences" });
      keeps = given.launchMode !== "Browse" && given.launchMode !== "Review";
      const first = statement("initialized");
      said = session.read(`begun ${launch.fetch}`) !== "" || (await call("PUT", "statements", { statementId: first.id }, { body: first })).ok;
      if (said) session.write(`begun ${launch.fetch}`, "1");
      const kept = await read("activities/state", stateOf(STATE));
      return {
        text: kept.text || "", keeps, who: launch.actor, fresh: !kept.text, returnUrl: given.returnURL || "",
        language: String(preferences.languagePreference || "").split(",")[0], sign: keeps ? (said ? "" : "refused") : "review",
      };
    }

    async function save(text, record) {
      if (ended) return "ended";
      const answer = await call("PUT", "activities/state", stateOf(STATE), { body: { text } });
      if (!answer.ok) return "refused";
      for (const [verb, one] of due(record)) {
        const reply = await call("PUT", "statements", { statementId: one.id }, { body: one });
        // A conflict says that this very statement is there already.
        if (!reply.ok && reply.status !== 409) return "untold";
        told.push(verb);
      }
      return (await read("activities/state", stateOf(STATE))).text === text ? "" : "lost";
    }

    /** The last statements go as one list, so that the end comes last. */
    function finish(text, record) {
      if (ended || !said) return;
      ended = true;
      const lost = () => { /* The page is gone; the copy on this device has it. */ };
      session.write(`ended ${launch.fetch}`, "1");
      if (keeps) call("PUT", "activities/state", stateOf(STATE), { body: { text }, keepalive: true }).catch(lost);
      const last = [...due(record).map(([, one]) => one), statement("terminated", { result: { duration: took() } })];
      call("POST", "statements", {}, { body: last, keepalive: true }).catch(lost);
    }

    return { start, save, finish, told };
  }

  our.findHost = async () => {
    const given = new URLSearchParams(location.search);
    const launch = Object.fromEntries(LAUNCH.map((name) => [name, given.get(name) || ""]));
    if (LAUNCH.some((name) => !launch[name])) return our.noHost;
    try { return cmi5(launch); } catch { return our.noHost; }
  };
})();
