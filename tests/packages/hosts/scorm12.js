// A platform that plays SCORM 1.2 with scorm-again. Every call of the package is written down with its error code.
window.calls = [];
const api = new Scorm12API({ autocommit: false, lmsCommitUrl: "/commit", dataCommitFormat: "json", logLevel: 5, asyncCommit: false, useAsynchronousCommits: false });
const kept = new XMLHttpRequest();
kept.open("GET", "/kept", false);
kept.send();
const before = JSON.parse(kept.responseText);
api.loadFromJSON({ core: { student_id: "learner-7", student_name: "Learner, A", entry: before.cmi ? "resume" : "ab-initio", credit: "credit", lesson_mode: "normal", ...(before.cmi ? { lesson_status: before.cmi.core.lesson_status } : {}) }, ...(before.cmi ? { suspend_data: before.cmi.suspend_data } : {}) }, "cmi");
window.API = new Proxy(api, {
  get(target, name) {
    const found = target[name];
    if (typeof found !== "function" || !String(name).startsWith("LMS")) return found;
    return (...values) => {
      const result = found.apply(target, values);
      window.calls.push([name, values, String(result), name === "LMSGetLastError" ? "0" : target.LMSGetLastError()]);
      return result;
    };
  },
});
addEventListener("DOMContentLoaded", () => {
  const frame = document.createElement("iframe");
  frame.title = "Package";
  frame.src = "/package/index.html" + location.hash;
  frame.width = "1200";
  frame.height = "800";
  document.body.append(frame);
});
