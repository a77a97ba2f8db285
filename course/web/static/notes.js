/* Notes and bookmarks: kept by the browser under one key, and sent nowhere. Loaded when one is opened, or on their page. */
const { notes: wordsUrl, notesKey: key, notesLabel, notesKept } = document.body.dataset;
const read = () => JSON.parse(localStorage.getItem(key) || "{}");
const make = (tag, values = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), values);
  made.append(...children);
  return made;
};
const plain = (element) => element.textContent.replace(/\u00ad/g, "").trim();
let words;

async function prepare() {
  if (words) return;
  words = await (await fetch(wordsUrl)).json();
  if (!document.querySelector(`link[href="${words.style}"]`)) {
    document.head.append(make("link", { rel: "stylesheet", href: words.style }));
  }
}

/** Keep a note, or forget it when it says nothing. Another tab may have written meanwhile, so all are read anew. */
function keep(id, entry) {
  const all = read();
  if (entry && (entry.mark || entry.text.trim())) all[id] = entry;
  else delete all[id];
  if (Object.keys(all).length) localStorage.setItem(key, JSON.stringify(all));
  else localStorage.removeItem(key);
}

/** Open or close the note below a heading. */
export async function toggle(heading, button) {
  const there = document.getElementById(`note-${heading.id}`);
  if (there) { close(there, button); return; }
  await prepare();
  const entry = read()[heading.id] || { mark: false, text: "" };
  const mark = make("input", { type: "checkbox", checked: entry.mark });
  const hint = make("p", { className: "hint", id: `note-hint-${heading.id}` }, make("strong", { textContent: words.warning }), ` ${words.where}`);
  const field = make("textarea", { id: `note-text-${heading.id}`, rows: 4, maxLength: words.longest, value: entry.text, autocomplete: "off" });
  field.setAttribute("aria-describedby", hint.id);
  const status = make("p", { className: "status" });
  status.setAttribute("role", "status");
  const done = make("button", { type: "button", className: "button quiet", textContent: words.close });
  const remove = make("button", { type: "button", className: "button quiet", textContent: words.remove });
  const panel = make("div", { id: `note-${heading.id}`, className: "note-panel" },
    make("label", { className: "note-mark" }, mark, ` ${words.bookmark}`),
    make("div", { className: "field" }, make("label", { htmlFor: field.id, textContent: words.note }), hint, field),
    status,
    make("div", { className: "buttons" }, done, remove, make("a", { href: words.url, textContent: words.all })));
  panel.setAttribute("role", "group");
  panel.setAttribute("aria-label", `${words.note}: ${plain(heading)}`);

  function save(said) {
    const now = { mark: mark.checked, text: field.value, title: plain(heading), page: plain(document.querySelector("h1")), url: `${location.pathname}#${heading.id}`, at: new Date().toISOString() };
    try {
      keep(heading.id, now);
      status.textContent = said;
      status.classList.remove("bad");
    } catch {
      status.textContent = words.full;
      status.classList.add("bad");
    }
    label(button, heading, now.mark || now.text.trim());
  }
  mark.addEventListener("change", () => save(words.saved));
  field.addEventListener("input", () => save(words.saved));
  remove.addEventListener("click", () => { mark.checked = false; field.value = ""; save(words.removed); field.focus(); });
  done.addEventListener("click", () => close(panel, button));
  button.after(panel);
  button.setAttribute("aria-expanded", "true");
  field.focus();
}

function close(panel, button) {
  panel.remove();
  button.setAttribute("aria-expanded", "false");
  button.focus();
}

function label(button, heading, kept) {
  button.textContent = kept ? notesKept : notesLabel;
  button.classList.toggle("kept", Boolean(kept));
  button.setAttribute("aria-label", `${button.textContent}: ${plain(heading)}`);
}

/** The page of all notes. */
async function list(place) {
  await prepare();
  const status = document.getElementById("notes-status");
  const tools = document.getElementById("notes-tools");
  const entries = () => Object.entries(read()).sort(([, one], [, other]) => (one.at < other.at ? 1 : -1));

  function draw() {
    const found = entries();
    tools.hidden = !found.length;
    place.replaceChildren(...(found.length ? found.map(shown) : [make("p", { textContent: words.none })]));
  }

  function shown([id, one]) {
    const remove = make("button", { type: "button", className: "button quiet", textContent: words.remove });
    remove.setAttribute("aria-label", `${words.remove}: ${one.title}`);
    remove.addEventListener("click", () => { keep(id); draw(); status.textContent = words.removed; place.focus(); });
    const card = make("section", { className: "note-card" }, make("h2", {}, make("a", { href: one.url, textContent: one.title })));
    card.append(make("p", { className: "hint", textContent: one.mark ? `${one.page} · ${words.bookmarked}` : one.page }));
    if (one.text) card.append(make("p", { className: "note-text", textContent: one.text }));
    card.append(remove);
    return card;
  }

  document.getElementById("notes-file").addEventListener("click", () => {
    const text = entries().map(([, one]) => [`${one.title} (${one.page})`, new URL(one.url, location.href).href, one.mark ? words.bookmarked : "", one.text].filter(Boolean).join("\n")).join("\n\n");
    const link = make("a", { href: URL.createObjectURL(new Blob([text + "\n"], { type: "text/plain" })), download: words.file });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  document.getElementById("notes-delete").addEventListener("click", () => {
    localStorage.removeItem(key);
    draw();
    status.textContent = words.removed;
    place.focus();
  });
  addEventListener("storage", draw);
  draw();
}

const place = document.getElementById("notes-list");
if (place) list(place);
