/* Finding the host's interface, and what all hosts have in common. An adapter offers:
     start()               {text, fresh, who, language, keeps, sign}: what the host has kept, and of whom
     save(text, record)    why it was not kept ("" when it was)
     finish(text, record)  the end of the visit
   Each may be a promise. Nothing here ever throws: a host that breaks must not take the learner's page with it. */
(() => {
  "use strict";
  const our = (globalThis.coursePackage = globalThis.coursePackage || {});
  const FARTHEST = 20;

  function inWindow(start, name) {
    let place = start;
    for (let step = 0; place && step < FARTHEST; step += 1) {
      try {
        if (place[name]) return place[name];
      } catch { /* A window of another site may not be looked into; its parents may. */ }
      if (place === place.parent) return null;
      place = place.parent;
    }
    return null;
  }

  function opener(start) {
    let place = start;
    for (let step = 0; place && step < FARTHEST; step += 1) {
      try {
        if (place.opener) return place.opener;
      } catch { return null; }
      if (place === place.parent) return null;
      place = place.parent;
    }
    return null;
  }

  /** The interface of this name in this window, the windows around it, or the one that opened it. */
  function findApi(name, start = globalThis.window) {
    const other = opener(start);
    return inWindow(start, name) || (other && inWindow(other, name)) || null;
  }

  /** Some hosts put their interface into the page a little later than the package. */
  async function awaitApi(name, tries = 10, pause = 150) {
    for (let count = 1; count < tries; count += 1) {
      const found = findApi(name);
      if (found) return found;
      await new Promise((done) => setTimeout(done, pause));
    }
    return findApi(name);
  }

  /** Calls of one interface. A call that is missing, throws or answers nothing is a fault, and never an exception. */
  class Calls {
    constructor(api, names) { Object.assign(this, { api, names, fault: "", told: new Map() }); }

    raw(name, ...values) {
      try {
        return this.api[name](...values);
      } catch (error) {
        this.fault = `${name}: ${error && error.message}`;
        return undefined;
      }
    }

    /** True when the host says that it has done so. Hosts say it as a text, a truth or a number. */
    done(name, ...values) {
      const answer = this.raw(this.names[name], ...values);
      return answer === true || answer === 1 || String(answer).toLowerCase() === "true" || answer === "1";
    }

    get(element) {
      const value = this.raw(this.names.get, element);
      return value === undefined || value === null ? "" : String(value);
    }

    /** True when it was set: by the host's word, or because it reads back. */
    set(element, value) {
      if (this.done("set", element, String(value))) return true;
      if (this.get(element) === String(value)) return true;
      this.fault = `${element}: ${this.error()}`;
      return false;
    }

    /** The same, but a value that the host has taken before is not said again: some hosts send each call on its own. */
    tell(element, value) {
      if (this.told.get(element) === value) return true;
      const taken = this.set(element, value);
      if (taken) this.told.set(element, value);
      return taken;
    }

    /** After a fault everything is said again the next time. */
    forget(why) {
      this.told.clear();
      return why;
    }

    error() { return String(this.raw(this.names.error) ?? ""); }
  }

  /** The saving and the end of a visit, alike in both editions of SCORM. `keeps()`: whether anything may be said to the
      host; `counts()`: whether it takes status and score, or lets one look back; `tell(text, record)` says all of it, and answers [it took the saved state, it took what was achieved]. */
  function scormVisit(calls, keeps, counts, tell) {
    let ended = false;
    // A host need not keep what is done while one looks back: that is no fault of it.
    const failed = (why) => calls.forget(counts() ? why : "review");

    function save(text, record) {
      if (ended) return "ended";
      const [kept, praised] = tell(text, record), committed = calls.done("commit", "");
      if (!kept || !committed) return failed("refused");
      if (calls.get("cmi.suspend_data") !== text) return failed("lost");
      return praised || !record.completed ? "" : calls.forget("untold");
    }

    /** The end saves by itself. A window that closes has no time for more. */
    function finish(text, record) {
      if (ended) return;
      ended = true;
      if (keeps()) tell(text, record);
      calls.done("finish", "");
    }

    return { save, finish };
  }

  const twoDigits = (value) => String(value).padStart(2, "0");

  /** Seconds as SCORM 1.2 writes them. */
  function clock(seconds) {
    const whole = Math.max(0, Math.floor(seconds));
    return `${String(Math.min(9999, Math.floor(whole / 3600))).padStart(4, "0")}:${twoDigits(Math.floor(whole / 60) % 60)}:${twoDigits(whole % 60)}`;
  }

  /** Seconds as SCORM 2004 and xAPI write them. */
  const duration = (seconds) => `PT${Math.max(0, Math.floor(seconds))}S`;

  /** Opened from a disk, or in a place that keeps nothing: the copy on this device is all there is. */
  const noHost = {
    start: () => ({ text: "", fresh: true, who: "", language: "", keeps: false, sign: "no-host" }),
    save: () => "no-host",
    finish: () => "no-host",
  };

  Object.assign(our, { findApi, awaitApi, Calls, scormVisit, clock, duration, noHost });
})();
