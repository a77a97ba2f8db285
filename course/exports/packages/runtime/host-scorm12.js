/* SCORM 1.2: the adapter. */
(() => {
  "use strict";
  const our = (globalThis.coursePackage = globalThis.coursePackage || {});
  const NAMES = { start: "LMSInitialize", finish: "LMSFinish", get: "LMSGetValue", set: "LMSSetValue", commit: "LMSCommit", error: "LMSGetLastError" };
  const DONE = ["passed", "completed"];
  /** "Already initialised": a host may have begun the visit itself. */
  const BEGUN = "101";

  function scorm12(api) {
    const calls = new our.Calls(api, NAMES);
    const begun = Date.now();
    let keeps = false, counts = false, status = "";

    function start() {
      if (!calls.done("start", "") && calls.error() !== BEGUN) return { ...our.noHost.start(), sign: "shut" };
      const mode = calls.get("cmi.core.lesson_mode");
      status = calls.get("cmi.core.lesson_status");
      const text = calls.get("cmi.suspend_data");
      keeps = mode !== "browse";
      // Moodle says "review" whenever the course was passed before. What is done then is kept; status and score stay.
      counts = keeps && mode !== "review";
      if (keeps) {
        // Said at once: a window that is closed in the next minute must not end the attempt.
        calls.set("cmi.core.exit", "suspend");
        if (counts && !DONE.includes(status)) calls.set("cmi.core.lesson_status", (status = "incomplete"));
        calls.done("commit", "");
      }
      return {
        text, keeps, sign: keeps ? "" : "review", who: calls.get("cmi.core.student_id"),
        language: calls.get("cmi.student_preference.language"), fresh: calls.get("cmi.core.entry") !== "resume",
      };
    }

    /** Everything that the host should have: [it took the saved state, it took what was achieved]. */
    function tell(text, record) {
      // What was passed once is never taken back, whatever a later edition asks for.
      if (record.completed) status = "passed";
      const kept = calls.tell("cmi.suspend_data", text);
      if (record.place) calls.tell("cmi.core.lesson_location", record.place);
      if (!counts) return [kept, true];
      if (record.score !== null) {
        calls.tell("cmi.core.score.min", 0);
        calls.tell("cmi.core.score.max", 100);
        calls.tell("cmi.core.score.raw", record.score);
      }
      const praised = calls.tell("cmi.core.lesson_status", DONE.includes(status) ? status : "incomplete");
      calls.tell("cmi.core.session_time", our.clock((Date.now() - begun) / 1000));
      return [kept, praised];
    }

    return { start, ...our.scormVisit(calls, () => keeps, () => counts, tell) };
  }

  our.findHost = async () => { const api = await our.awaitApi("API"); return api ? scorm12(api) : our.noHost; };
})();
