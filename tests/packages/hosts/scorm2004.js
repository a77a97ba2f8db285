// A platform that plays SCORM 2004 with scorm-again. Every call of the package is written down with its error code.
window.calls = [];
const api = new Scorm2004API({ autocommit: false, lmsCommitUrl: "/commit", dataCommitFormat: "json", logLevel: 5, asyncCommit: false, useAsynchronousCommits: false });
const kept = new XMLHttpRequest();
kept.open("GET", "/kept", false);
kept.send();
const before = JSON.parse(kept.responseText);
const status = before.cmi ? { completion_status: before.cmi.completion_status, success_status: before.cmi.success_status, suspend_data: before.cmi.suspend_data } : {};
api.loadFromJSON({ learner_id: "learner-7", learner_name: "Learner A", entry: before.cmi ? "resume" : "ab-initio", credit: "credit", mode: "normal", ...status }, "cmi");
window.API_1484_11 = new Proxy(api, {
  get(target, name) {
    const found = target[name];
    if (typeof found !== "function" || !/^[A-Z]/.test(String(name))) return found;
    return (...values) => {
      const result = found.apply(target, values);
      window.calls.push([name, values, String(result), name === "GetLastError" ? "0" : target.GetLastError()]);
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
