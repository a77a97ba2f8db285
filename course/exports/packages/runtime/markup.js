/* HTML put together safely: what is not marked as HTML is escaped. */
(() => {
  "use strict";
  const our = (globalThis.coursePackage = globalThis.coursePackage || {});

  class Html {
    constructor(text) { this.text = text; }
    toString() { return this.text; }
  }

  const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  function shown(value) {
    if (value instanceof Html) return value.text;
    if (Array.isArray(value)) return value.map(shown).join("");
    return value === null || value === undefined || value === false ? "" : String(value).replace(/[&<>"']/g, (sign) => SIGNS[sign]);
  }

  /** A template: html`<p>${text}</p>`. Values are escaped, lists are joined, nothing is shown for null and false. */
  const html = (parts, ...values) => new Html(parts.reduce((text, part, place) => text + shown(values[place - 1]) + part));
  /** HTML of the course's own content, made and checked when the package was built. */
  const safe = (text) => new Html(text || "");

  const PATHS = {
    check: "M5 13l4.5 4.5L19 7", cross: "M6 6l12 12M18 6L6 18", partly: "M4 14c3-5 5-5 8-2s5 3 8-2", empty: "M6 12h12",
    lock: "M8 11V8a4 4 0 018 0v3M5.5 11h13v9h-13z", arrow: "M5 12h14M13 6l6 6-6 6", back: "M19 12H5M11 6l-6 6 6 6",
    exit: "M10 4H5v16h5M10 12h10M15 7l5 5-5 5", pin: "M12 21s7-6.6 7-12a7 7 0 10-14 0c0 5.4 7 12 7 12zM12 8a1.5 1.5 0 100 3 1.5 1.5 0 000-3z",
    alert: "M12 4l9 16H3zM12 10v4.5M12 17.2v.3", info: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 11v6M12 7.3v.4",
  };
  const icon = (name) => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${PATHS[name]}"/></svg>`;

  const NOTICE_SIGNS = { good: "check", warn: "alert", info: "info" };
  const notice = (kind, title, body) => html`<div class="notice ${kind}"><p class="notice-title">${icon(NOTICE_SIGNS[kind])} ${title}</p>${body}</div>`;

  const button = (words, act, { value = "", quiet = false } = {}) =>
    html`<button type="button" class="button${quiet ? " quiet" : ""}" data-act="${act}" data-value="${value}">${words}</button>`;
  const link = (words, address, quiet = false) => html`<a class="button${quiet ? " quiet" : ""}" href="${address}">${words}</a>`;

  Object.assign(our, { html, safe, icon, notice, button, link });
})();
