// The box to write in, with completion as one types. Shared by both chats; each says what completes.

import { cls, h, redraw } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./words.js";

const ROWS_MAX_PX = 180;

const boxes = new Map();

function box(key) {
  if (!boxes.has(key)) boxes.set(key, { text: "", items: [], hint: null, index: 0, el: null, busy: false });
  return boxes.get(key);
}

/** Puts `text` in the box and the cursor behind it. */
export function fillComposer(key, text) {
  const state = box(key);
  state.text = text;
  if (state.el?.isConnected) {
    state.el.value = text;
    grow(state.el);
    state.el.focus();
    state.el.setSelectionRange(text.length, text.length);
  }
  redraw();
}

function grow(el) {
  el.style.setProperty("height", "auto");
  el.style.setProperty("height", `${Math.min(el.scrollHeight, ROWS_MAX_PX)}px`);
}

function complete(state, complete_) {
  const { items, hint } = complete_(state.text, state.el.selectionStart);
  state.items = items || [];
  state.hint = hint || null;
  state.index = 0;
}

function accept(state, item, completeWith) {
  const { el } = state;
  if (item.run) {
    Object.assign(state, { items: [], hint: null, text: "" });
    state.el.value = "";
    item.run();
    return redraw();
  }
  const caret = el.selectionStart;
  const head = state.text.slice(0, item.from) + item.insert;
  state.text = head + state.text.slice(caret);
  el.value = state.text;
  el.focus();
  el.setSelectionRange(head.length, head.length);
  complete(state, completeWith);
  grow(el);
  return redraw();
}

async function submit(state, send) {
  const text = state.text.trim();
  if (!text || state.busy) return;
  state.busy = true;
  state.items = [];
  state.hint = null;
  redraw();
  const done = await send(text);
  state.busy = false;
  // What could not be sent stays, to be corrected.
  if (done !== false && state.text.trim() === text) {
    state.text = "";
    if (state.el) {
      state.el.value = "";
      grow(state.el);
    }
  }
  redraw();
}

function keys(event, state, props) {
  const { items } = state;
  if (event.isComposing) return;
  if (items.length > 0 && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    state.index = (state.index + step + items.length) % items.length;
    redraw();
  } else if (items.length > 0 && (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey))) {
    event.preventDefault();
    accept(state, items[state.index], props.complete);
  } else if (event.key === "Escape" && (items.length > 0 || state.hint)) {
    event.preventDefault();
    state.items = [];
    state.hint = null;
    redraw();
  } else if (event.key === "Escape" && props.onEscape) {
    props.onEscape();
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    submit(state, props.send);
  }
}

function list(state, props) {
  if (state.items.length === 0 && !state.hint) return null;
  return h("div", { class: "complete", key: "complete" },
    state.items.length > 0 ? h("ul", { role: "listbox", id: `complete-${props.testid}`, "aria-label": props.label }, state.items.map((item, at) => h("li", {
      class: cls("complete-item", at === state.index && "active"), role: "option", id: `complete-${props.testid}-${at}`, "aria-selected": at === state.index ? "true" : "false",
      "data-testid": `complete-${item.name}`, onmousedown: (event) => { event.preventDefault(); accept(state, item, props.complete); },
      hook: (el) => { if (at === state.index && at > 0) el.scrollIntoView({ block: "nearest" }); },
    }, h("span", { class: "complete-label" }, item.label), item.usage ? h("code", null, item.usage) : null, item.detail ? h("span", { class: "complete-detail" }, item.detail) : null))) : null,
    state.hint ? h("div", { class: "complete-hint", role: "note" }, h("strong", null, state.hint.label), " ", state.hint.usage ? h("code", null, state.hint.usage) : null, state.hint.detail ? h("span", null, " ", state.hint.detail) : null) : null);
}

/** props: key, label, testid, send(text), complete(text, caret), onEscape?, before? (above the box), disabled? */
export function composer(props) {
  const state = box(props.key);
  return h("div", { class: "composer", key: `composer-${props.key}` },
    list(state, props), props.before || null,
    h("div", { class: cls("composer-box", state.busy && "busy") },
      h("textarea", {
        rows: 1, placeholder: props.label, "aria-label": props.label, "data-testid": props.testid, disabled: props.disabled || null, initial: state.text,
        "aria-controls": state.items.length ? `complete-${props.testid}` : null, "aria-activedescendant": state.items.length ? `complete-${props.testid}-${state.index}` : null,
        enterkeyhint: "send", mounted: (el) => { state.el = el; grow(el); }, hook: (el) => { state.el = el; },
        oninput: (event) => { state.text = event.target.value; complete(state, props.complete); grow(event.target); redraw(); },
        onkeydown: (event) => keys(event, state, props),
        onblur: () => { if (state.items.length || state.hint) { state.items = []; state.hint = null; redraw(); } },
      }),
      h("button", { type: "button", class: "composer-send", "aria-label": t("send"), "data-testid": `${props.testid}-send`, disabled: state.text.trim() === "" || state.busy || null, onmousedown: (event) => event.preventDefault(), onclick: () => submit(state, props.send) }, icon("send"))));
}

/** The word being typed behind `sign` at the caret: {from, word}, or null. */
export function wordBehind(sign, text, caret) {
  const head = text.slice(0, caret);
  const from = head.lastIndexOf(sign);
  if (from < 0 || (from > 0 && !/[\s(]/.test(head[from - 1]))) return null;
  const word = head.slice(from + 1);
  return /^[\p{L}\p{N}._+-]*$/u.test(word) ? { from, word: word.toLowerCase() } : null;
}
