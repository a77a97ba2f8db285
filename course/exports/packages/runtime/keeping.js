/* Keeps what a learner does: at once on this device, then with the host, and looks whether the host has it.

   Hosts answer "true" and have not saved, cut what is long, or are gone before the last word. So every change is
   written to this device first, the host is told early and asked what it has, and at the next start the fuller of the
   two records wins. Where neither keeps anything the learner is told so in plain words. */
(() => {
  "use strict";
  const our = (globalThis.coursePackage = globalThis.coursePackage || {});
  const PAUSE = 400;
  const RETRY = 15000;
  /** No platform is there, it did not let the visit begin, or the visit is over: the copy on this device is all there is. */
  const ALONE = ["no-host", "shut", "over"];

  /** A place on this device for one learner's copy. Somebody whom the host does not name has it only in this window. */
  function deviceFor(course, who, hasHost) {
    const whose = who ? our.short(`${course.id} ${who}`) : "nobody";
    const key = `course-package:${course.id}:${whose}`;
    const lasting = who !== "" || !hasHost;
    const store = () => (lasting ? globalThis.localStorage : globalThis.sessionStorage);
    return {
      lasting,
      read() { try { return store().getItem(key) || ""; } catch { return ""; } },
      write(text) { try { store().setItem(key, text); return store().getItem(key) === text; } catch { return false; } },
    };
  }

  /** Letters that stand for a text without telling it: the name of a learner is not left on a shared computer. */
  our.short = (text) => [...our.sha512(new TextEncoder().encode(text)).slice(0, 12)].map((byte) => our.LETTERS[byte % 64]).join("");

  /** {learner, news}: which of the two records to go on with. `news` is what the learner should know, or "". */
  function chosen(course, given, copyText) {
    const kept = our.decode(course, given.text), copy = our.decode(course, copyText);
    if (kept && copy && copy.id === kept.id) {
      return { learner: our.joined(copy, kept), news: copy.saves > kept.saves ? "recovered" : "" };
    }
    if (given.sign === "review") return { learner: kept || our.newLearner(), news: "" };
    const worked = copy && our.begun(copy);
    // A record in which nothing is done yet does not push aside one in which something is.
    if (kept) return worked && !our.begun(kept) ? { learner: kept, news: "ask", copy } : { learner: kept, news: "" };
    if (copy && ALONE.includes(given.sign)) return { learner: copy, news: "" };
    // A host that says "resume", or hands back a damaged text, has lost what it had.
    const lost = given.text !== "" || !given.fresh;
    if (worked && lost) return { learner: copy, news: "recovered" };
    if (worked) return { learner: our.newLearner(), news: "ask", copy };
    return { learner: our.newLearner(), news: lost ? "lost" : "" };
  }

  class Keeper {
    /** `changed(keeper)` is called whenever there is something new to say about keeping. */
    constructor(course, host, changed) {
      Object.assign(this, { course, host, changed, sign: "", news: "", waiting: false, onDevice: false, timer: 0, savedAt: null });
      this.chain = Promise.resolve();
    }

    async begin() {
      let given;
      try { given = await this.host.start(); } catch { given = { ...our.noHost.start(), sign: "shut" }; }
      this.given = given;
      this.sign = given.sign;
      this.device = deviceFor(this.course, given.who, given.sign !== "no-host");
      const found = chosen(this.course, given, this.device.read());
      Object.assign(this, { learner: found.learner, news: found.news, copy: found.copy || null });
      if (this.news === "recovered") this.change(this.learner);
      return this.learner;
    }

    /** The learner has chosen between the copy on this device and a new beginning. */
    settle(useCopy) {
      // What was done meanwhile stays, too.
      if (useCopy && this.copy) this.learner = our.joined(this.learner, this.copy);
      this.news = useCopy && this.copy ? "recovered" : "";
      this.copy = null;
      this.change(this.learner, true);
    }

    /** A change: on this device now, with the host in a moment, or `now`. */
    change(learner, now = false) {
      this.learner = { ...learner, saves: learner.saves + 1 };
      // An earlier record on this device is not written over before the learner has chosen.
      if (this.sign !== "review" && !this.copy) this.onDevice = this.device.write(this.text());
      this.waiting = true;
      clearTimeout(this.timer);
      if (now) this.save(); else this.timer = setTimeout(() => this.save(), PAUSE);
      this.changed(this);
    }

    text() { return our.encode(this.course, this.learner); }
    record() { return { ...our.recordOf(this.course, this.learner), place: this.learner.place, told: this.learner.told }; }
    get tellsHost() { return this.given && this.given.keeps; }

    save() {
      clearTimeout(this.timer);
      if (!this.tellsHost || !this.waiting) { this.waiting = false; return this.chain; }
      return this.tell(() => this.host.save(this.text(), this.record()));
    }

    /** One call after another; what the last one says counts. A host that answers at once is asked at once. */
    tell(act) {
      const saves = this.learner.saves;
      const heard = (why) => {
        if (why === "ended") return;
        if (this.learner.saves === saves) this.waiting = why !== "" && why !== "review";
        this.sign = why;
        this.heardOf();
        this.savedAt = why ? this.savedAt : new Date();
        clearTimeout(this.again);
        if (this.waiting) this.again = setTimeout(() => this.save(), RETRY);
        this.changed(this);
      };
      let answer;
      try { answer = this.busy ? this.chain.then(act) : act(); } catch { answer = "refused"; }
      if (typeof answer === "string") { heard(answer); return this.chain; }
      this.busy = (this.busy || 0) + 1;
      this.chain = answer.then(heard, () => heard("refused")).then(() => { this.busy -= 1; });
      return this.chain;
    }

    /** What the host has been told for good is kept with the learner, so that it is not told twice. */
    heardOf() {
      const told = this.host.told || [];
      if (told.every((verb) => this.learner.told.includes(verb))) return;
      this.change({ ...this.learner, told: [...new Set([...this.learner.told, ...told])] });
    }

    /** The visit ends: the window closes, or another page takes its place. */
    finish() {
      clearTimeout(this.timer);
      clearTimeout(this.again);
      if (!this.given || this.finished) return;
      this.finished = true;
      try { this.host.finish(this.text(), this.record()); } catch { /* The copy on this device has it. */ }
    }
  }

  Object.assign(our, { Keeper, chosen });
})();
