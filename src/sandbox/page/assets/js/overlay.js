// What floats above the page: pickers, menus, confirmations and short notices. One at a time, closed by Escape or a click
// beside it; focus goes in when it opens and back when it closes.

import { cls, h, redraw } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./words.js";

const NOTICE_MS = 6000;
const OPTIONS_SHOWN_MAX = 100;

let open = null;
let notices = [];
let noticeId = 0;
let queryId = 0;

/** A short notice at the foot of the page. */
export function notice(text, kind = "info") {
  noticeId += 1;
  const id = noticeId;
  notices = [...notices.slice(-3), { id, text, kind }];
  setTimeout(() => {
    notices = notices.filter((one) => one.id !== id);
    redraw();
  }, NOTICE_MS);
  redraw();
}

/** Says what went wrong with an act, if it did. */
export function complain(result) {
  if (result.ok) return;
  notice(result.error === "offline" ? t("offline") : result.error, "error");
}

function show(overlay) {
  open = { ...overlay, back: document.activeElement, rect: overlay.anchor?.getBoundingClientRect() || null };
  redraw();
}

/** Closes what is open; `refocus` false when focus has already moved on. */
export function closeOverlay(refocus = true) {
  const { back, onClose } = open || {};
  open = null;
  redraw();
  onClose?.();
  if (refocus && back?.isConnected) back.focus({ preventScroll: true });
}

/** A list to choose from. `options`: [{value, label, detail?, group?, danger?}]; `load(query)` gives them as one types. */
export function pick({ anchor, title, options, load, minQuery = 0, selected = [], multi = false, theme = "slack", search, onPick, onClose }) {
  const overlay = { kind: "pick", anchor, title, options: options || [], load, minQuery, selected: new Set(selected), multi, theme, onPick, onClose, query: "", index: 0, busy: false };
  overlay.search = search ?? (Boolean(load) || overlay.options.length > 8);
  show(overlay);
  if (load && minQuery === 0) query("");
}

/** A menu of actions: [{label, icon?, danger?, run}] */
export function menu({ anchor, title, items, theme = "slack" }) {
  pick({ anchor, title, theme, search: false, options: items.map((item, at) => ({ ...item, value: item.id ?? String(at) })), onPick: (value, option) => option.run() });
}

/** A question with two answers; `yes` runs on the first. */
export function confirm({ title, text, yesLabel, noLabel, danger, theme = "slack", yes }) {
  show({ kind: "confirm", title, text, yesLabel, noLabel, danger, theme, yes });
}

/** The emoji bar for a reaction. */
export function pickEmoji({ anchor, names, glyph, theme, onPick }) {
  show({ kind: "emoji", anchor, names, glyph, theme, onPick });
}

async function query(text) {
  open.query = text;
  open.index = 0;
  if (!open.load) return redraw();
  queryId += 1;
  const mine = queryId;
  const overlay = open;
  overlay.busy = true;
  redraw();
  const options = text.length >= overlay.minQuery ? await overlay.load(text) : [];
  if (mine !== queryId || open !== overlay) return undefined;
  overlay.options = options;
  overlay.busy = false;
  return redraw();
}

function shownOptions() {
  const words = open.query.trim().toLowerCase();
  const fits = (option) => `${option.label} ${option.detail || ""}`.toLowerCase().includes(words);
  return (open.load || !words ? open.options : open.options.filter(fits)).slice(0, OPTIONS_SHOWN_MAX);
}

function choose(option) {
  const { onPick, multi, selected } = open;
  if (multi) {
    if (selected.has(option.value)) selected.delete(option.value);
    else selected.add(option.value);
    onPick([...selected], option);
    return redraw();
  }
  closeOverlay();
  return onPick(option.value, option);
}

function keys(event) {
  const list = open.kind === "pick" ? shownOptions() : [];
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    closeOverlay();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    open.index = (open.index + step + list.length) % Math.max(list.length, 1);
    redraw();
  } else if (event.key === "Enter" && open.kind === "pick" && list[open.index]) {
    event.preventDefault();
    choose(list[open.index]);
  } else if (event.key === "Tab") {
    trap(event);
  }
}

/** Keeps Tab inside the element that handles the event. */
export function trap(event) {
  const inside = [...event.currentTarget.querySelectorAll("button, input, select, textarea, a[href], [tabindex='0']")].filter((el) => !el.disabled && el.offsetParent !== null);
  if (inside.length === 0) return;
  const at = inside.indexOf(document.activeElement);
  if (event.shiftKey && at <= 0) {
    event.preventDefault();
    inside[inside.length - 1].focus();
  } else if (!event.shiftKey && at === inside.length - 1) {
    event.preventDefault();
    inside[0].focus();
  }
}

function place(el) {
  const rect = open?.rect;
  if (!rect || window.innerWidth < 600) return;
  const { offsetWidth: width, offsetHeight: height } = el;
  const left = Math.max(8, Math.min(rect.left, window.innerWidth - width - 8));
  const below = rect.bottom + 4;
  const top = below + height < window.innerHeight - 8 ? below : Math.max(8, rect.top - height - 4);
  el.style.setProperty("left", `${left}px`);
  el.style.setProperty("top", `${top}px`);
}

function focusIn(el) {
  (el.querySelector("[data-first]") || el).focus({ preventScroll: true });
}

function pickView() {
  const list = shownOptions();
  let group = null;
  const rows = list.map((option, at) => {
    const head = option.group && option.group !== group ? h("li", { class: "pick-group", role: "presentation" }, option.group) : null;
    group = option.group || null;
    const chosen = open.selected.has(option.value);
    const row = h("li", {
      class: cls("pick-option", at === open.index && "active", option.danger && "danger"), role: "option", id: `option-${at}`,
      "aria-selected": chosen ? "true" : "false", "data-testid": `option-${option.value}`,
      onclick: () => choose(option), onmousemove: () => { if (open.index !== at) { open.index = at; redraw(); } },
      hook: (el) => { if (at === open?.index && at > 0) el.scrollIntoView({ block: "nearest" }); },
    }, option.icon ? icon(option.icon) : null, h("span", { class: "pick-text" }, h("span", { class: "pick-label" }, option.label), option.detail ? h("span", { class: "pick-detail" }, option.detail) : null), chosen ? icon("check") : null);
    return [head, row];
  });
  return [
    h("div", { class: "pick-title" }, h("span", null, open.title || ""), h("button", { type: "button", class: "plain", "aria-label": t("close"), onclick: () => closeOverlay() }, icon("close"))),
    open.search ? h("input", { class: "pick-search", type: "search", placeholder: t("search"), "aria-label": t("search"), "data-first": true, "data-testid": "pick-search", autocomplete: "off", oninput: (event) => query(event.target.value) }) : null,
    h("ul", { role: "listbox", "aria-label": open.title || t("search"), tabindex: "0", "data-first": open.search ? null : true, "aria-activedescendant": list.length ? `option-${open.index}` : null },
      rows, open.busy ? h("li", { class: "pick-empty" }, t("loading")) : list.length === 0 ? h("li", { class: "pick-empty" }, t("nothing_found")) : null),
    open.multi ? h("button", { type: "button", class: "pick-done", onclick: () => closeOverlay() }, "OK") : null,
  ];
}

function confirmView() {
  const { title, text, yesLabel, noLabel, danger, yes } = open;
  return [
    h("h2", null, title), h("div", { class: "confirm-text" }, text),
    h("div", { class: "confirm-buttons" },
      h("button", { type: "button", class: "secondary", "data-testid": "confirm-no", onclick: () => closeOverlay() }, noLabel || t("cancel")),
      h("button", { type: "button", class: cls("primary", danger && "danger"), "data-first": true, "data-testid": "confirm-yes", onclick: () => { closeOverlay(); yes(); } }, yesLabel || "OK")),
  ];
}

function emojiView() {
  const { names, glyph, onPick } = open;
  return h("div", { class: "emoji-grid" }, names.map((name, at) => h("button", {
    type: "button", class: "emoji-choice", title: `:${name}:`, "aria-label": name, "data-testid": `emoji-${name}`, "data-first": at === 0 ? true : null,
    onclick: () => { closeOverlay(); onPick(name); },
  }, glyph(name))));
}

/** The floating layer, drawn last. */
export function overlayView() {
  const views = { pick: pickView, confirm: confirmView, emoji: emojiView };
  return [
    open ? h("div", { class: cls("shade", open.kind === "confirm" && "dim"), key: "shade", onmousedown: (event) => { if (event.target === event.currentTarget) { event.preventDefault(); closeOverlay(); } } },
      h("div", { class: cls("float", `float-${open.kind}`, `theme-${open.theme}`), role: "dialog", "aria-modal": "true", "aria-label": open.title || "", tabindex: "-1", onkeydown: keys, mounted: focusIn, hook: place },
        views[open.kind]())) : null,
    h("div", { class: "notices", key: "notices", role: "status", "aria-live": "polite" },
      notices.map((one) => h("div", { class: cls("notice", one.kind), key: one.id }, one.text))),
  ];
}
