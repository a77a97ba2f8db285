/* SCORM 2004: the adapter. */
(() => {
  "use strict";
  const our = (globalThis.coursePackage = globalThis.coursePackage || {});
  const NAMES = { start: "Initialize", finish: "Terminate", get: "GetValue", set: "SetValue", commit: "Commit", error: "GetLastError" };
  /** "Already initialised": a host may have begun the visit itself. */
  const BEGUN = "103";

  function scorm2004(api) {
    const calls = new our.Calls(api, NAMES);
    const begun = Date.now();
    let keeps = false, counts = false, completed = false, passed = false;

    function start() {
      if (!calls.done("start", "") && calls.error() !== BEGUN) return { ...our.noHost.start(), sign: "shut" };
      const mode = calls.get("cmi.mode");
      const status = calls.get("cmi.completion_status"), entry = calls.get("cmi.entry");
      completed = status === "completed";
      passed = calls.get("cmi.success_status") === "passed";
      // To ask for what was never set is an error; a first visit shows in both.
      const first = entry === "ab-initio" && ["unknown", "not attempted", ""].includes(status);
      const text = first ? "" : calls.get("cmi.suspend_data");
      keeps = mode !== "browse";
      // Moodle says "review" whenever the course was passed before. What is done then is kept; status and score stay.
      counts = keeps && mode !== "review";
      if (keeps) {
        // Said at once: a window that is closed in the next minute must not end the attempt.
        calls.set("cmi.exit", "suspend");
        if (counts && !completed) calls.set("cmi.completion_status", "incomplete");
        calls.done("commit", "");
      }
      return {
        text, keeps, sign: keeps ? "" : "review", who: calls.get("cmi.learner_id"),
        language: calls.get("cmi.learner_preference.language"), fresh: entry !== "resume",
      };
    }

    /** Everything that the host should have: [it took the saved state, it took what was achieved]. */
    function tell(text, record) {
      // What was passed once is never taken back, whatever a later edition asks for.
      completed = completed || record.completed;
      passed = passed || record.completed;
      const kept = calls.tell("cmi.suspend_data", text);
      if (record.place) calls.tell("cmi.location", record.place);
      if (!counts) return [kept, true];
      if (record.score !== null) {
        calls.tell("cmi.score.min", 0);
        calls.tell("cmi.score.max", 100);
        calls.tell("cmi.score.raw", record.score);
        calls.tell("cmi.score.scaled", record.score / 100);
      }
      calls.tell("cmi.progress_measure", completed ? 1 : record.progress / 100);
      const completionTaken = calls.tell("cmi.completion_status", completed ? "completed" : "incomplete");
      const praised = (!passed || calls.tell("cmi.success_status", "passed")) && completionTaken;
      calls.tell("cmi.session_time", our.duration((Date.now() - begun) / 1000));
      return [kept, praised];
    }

    return { start, ...our.scormVisit(calls, () => keeps, () => counts, tell) };
  }

  our.findHost = async () => { const api = await our.awaitApi("API_1484_11"); return api ? scorm2004(api) : our.noHost; };
})();
