// Discord's modals: text inputs in rows, and labels around inputs and menus.

import { cls, h, redraw } from "./dom.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { pick, trap } from "./overlay.js";
import { t } from "./words.js";

let kept = { id: null, values: new Map(), wrong: new Map(), busy: false };

/** Inputs with their labels, whichever way they are wrapped. */
function inputsOf(components) {
  return (components || []).flatMap((outer) => {
    if (outer.type === 18) return [{ label: outer.label, description: outer.description, input: outer.component }];
    if (outer.type === 10) return [{ text: outer.content }];
    return (outer.components || []).map((input) => ({ label: input.label, input }));
  });
}

function check(input, value, french) {
  const empty = value === undefined || value === "" || value.length === 0;
  if (empty) return input.required === false ? null : french ? "Ce champ est obligatoire" : "This field is required";
  if (input.min_length && value.length < input.min_length) return french ? `Au moins ${input.min_length} caractères` : `Must be at least ${input.min_length} characters`;
  return null;
}

async function submit(modal, inputs, pane) {
  const values = {};
  kept.wrong.clear();
  for (const { input } of inputs) {
    if (!input?.custom_id) continue;
    const value = kept.values.get(input.custom_id) ?? input.value ?? "";
    const wrong = check(input, value, pane.french);
    if (wrong) kept.wrong.set(input.custom_id, wrong);
    values[input.custom_id] = value;
  }
  if (kept.wrong.size > 0) return redraw();
  kept.busy = true;
  redraw();
  const result = await pane.act({ act: "submit_modal", custom_id: modal.custom_id, values });
  kept.busy = false;
  kept.failed = result.ok ? null : result.error;
  return redraw();
}

function field({ label, description, input, text }, pane) {
  if (text !== undefined) return h("div", { class: "d-text" }, markdown(text, pane.ctx));
  const wrong = kept.wrong.get(input.custom_id);
  const head = h("label", { class: cls("d-label", wrong && "wrong"), for: `modal-${input.custom_id}` }, label, input.required === false ? null : h("span", { class: "star", "aria-hidden": "true" }, " *"), wrong ? h("em", null, ` ${wrong}`) : null);
  const hint = description ? h("div", { class: "d-hint" }, description) : null;
  return h("div", { class: "d-modal-field", key: input.custom_id }, head, hint, input.type === 4 ? textInput(input) : menu(input, pane));
}

function textInput(input) {
  const value = kept.values.get(input.custom_id) ?? input.value ?? "";
  const props = { id: `modal-${input.custom_id}`, class: "d-input", initial: value, placeholder: input.placeholder || null, maxlength: input.max_length || null, "data-testid": `input-${input.custom_id}`, oninput: (event) => { kept.values.set(input.custom_id, event.target.value); kept.wrong.delete(input.custom_id); redraw(); } };
  return h("div", { class: "d-field-box" }, input.style === 2 ? h("textarea", { ...props, rows: 4 }) : h("input", { ...props, type: "text" }), input.max_length ? h("span", { class: "d-count" }, `${value.length}/${input.max_length}`) : null);
}

function menu(input, pane) {
  const all = input.type === 3 ? (input.options || []).map((option) => ({ value: option.value, label: option.label, detail: option.description }))
    : input.type === 6 ? [...pane.roles.values()].map((role) => ({ value: role.id, label: `@${role.name}` }))
      : input.type === 8 ? [...pane.channels.values()].filter((channel) => channel.name).map((channel) => ({ value: channel.id, label: `#${channel.name}` }))
        : [...pane.users.values()].map((user) => ({ value: user.id, label: user.global_name || user.username }));
  const preset = (input.options || []).filter((option) => option.default).map((option) => option.value);
  const values = kept.values.get(input.custom_id) ?? preset;
  if (!kept.values.has(input.custom_id)) kept.values.set(input.custom_id, preset);
  const multi = (input.max_values ?? 1) > 1;
  const shown = values.map((value) => all.find((option) => option.value === value)?.label || value).join(", ");
  return h("button", { type: "button", id: `modal-${input.custom_id}`, class: cls("d-select", !shown && "unset"), "aria-haspopup": "listbox", "data-testid": `select-${input.custom_id}`, onclick: ({ currentTarget: anchor }) => pick({ anchor, title: input.placeholder || "", theme: "discord", multi, options: all, selected: values, onPick: (value) => { kept.values.set(input.custom_id, multi ? value : [value]); kept.wrong.delete(input.custom_id); redraw(); } }) }, h("span", null, shown || input.placeholder || "…"), icon("down"));
}

/** The open modal of the acting member, or nothing. */
export function discordModal(pane) {
  const { modal } = pane.snap;
  if (!modal) {
    kept.id = null;
    return null;
  }
  const id = modal.id || modal.custom_id;
  if (kept.id !== id) kept = { id, values: new Map(), wrong: new Map(), busy: false, failed: null };
  const inputs = inputsOf(modal.components);
  const close = () => pane.act({ act: "close_modal" });
  return h("div", { class: "modal-shade d-modal-shade", key: `modal-${id}` },
    h("form", { class: cls("d-modal", kept.busy && "busy"), role: "dialog", "aria-modal": "true", "aria-label": modal.title, "data-testid": "modal", novalidate: true, tabindex: "-1",
      mounted: (el) => (el.querySelector(".d-input, .d-select") || el).focus({ preventScroll: true }),
      onkeydown: (event) => { if (event.key === "Escape" && !event.defaultPrevented) close(); else if (event.key === "Tab") trap(event); },
      onsubmit: (event) => { event.preventDefault(); if (!kept.busy) submit(modal, inputs, pane); } },
    h("header", null, h("h2", null, modal.title), h("button", { type: "button", class: "plain", "aria-label": t("close"), "data-testid": "modal-close", onclick: close }, icon("close"))),
    h("div", { class: "d-modal-body" }, inputs.map((one) => field(one, pane)), kept.failed ? h("div", { class: "d-error", role: "alert" }, kept.failed) : null),
    h("footer", null, h("button", { type: "button", class: "d-button secondary", onclick: close }, pane.french ? "Annuler" : "Cancel"), h("button", { type: "submit", class: "d-button primary", "data-testid": "modal-submit", disabled: kept.busy || null }, pane.french ? "Envoyer" : "Submit"))));
}
