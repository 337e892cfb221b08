// Slack's interactive elements: buttons, menus, dates, choices and text inputs, in messages and in modals.
//
// `scope` says where the element stands: {act(body), confirm(object, go), key, form?, ctx, users, channels, suggest(...)}.
// In a form (input blocks of a modal) a choice is kept; elsewhere it is sent at once.

import { cls, h, redraw, safeUrl } from "./dom.js";
import { icon } from "./icons.js";
import { confirm, pick } from "./overlay.js";
import { plain, textObject } from "./mrkdwn.js";

/** Slack starts to ask an external menu after so many characters unless the menu says otherwise. */
const QUERY_LENGTH_DEFAULT = 3;
/** Long limits are only shown when so much of them is used. */
const LONG_TEXT_LEFT_SHOWN = 0.8;

/** Asks first when the element says so. */
function asked(element, scope, go) {
  if (!element.confirm) return go();
  const { title, text, confirm: yes, deny, style } = element.confirm;
  return confirm({ title: plain(title), text: textObject(text, scope.ctx), yesLabel: plain(yes), noLabel: plain(deny), danger: style === "danger", theme: "slack", yes: go });
}

/** What an option or an id is called. */
function optionOf(option) {
  return { value: option.value, label: plain(option.text), detail: option.description ? plain(option.description) : undefined };
}

function optionsOf(element) {
  if (element.option_groups) return element.option_groups.flatMap((group) => group.options.map((option) => ({ ...optionOf(option), group: plain(group.label) })));
  return (element.options || []).map(optionOf);
}

function people(scope) {
  return scope.users.filter((user) => !user.is_bot).map((user) => ({ value: user.id, label: user.real_name || user.name, detail: `@${user.name}` }));
}

function rooms(scope) {
  return scope.channels.filter((channel) => !channel.is_im).map((channel) => ({ value: channel.id, label: `#${channel.name}` }));
}

/** The kinds of menu: where options come from and what was chosen at first. */
const MENUS = {
  static_select: { options: optionsOf, initial: (e) => (e.initial_option ? [optionOf(e.initial_option)] : []) },
  external_select: { options: () => [], load: true, initial: (e) => (e.initial_option ? [optionOf(e.initial_option)] : []) },
  users_select: { options: (e, s) => people(s), initial: (e, s) => people(s).filter((one) => one.value === e.initial_user) },
  channels_select: { options: (e, s) => rooms(s), initial: (e, s) => rooms(s).filter((one) => one.value === e.initial_channel) },
  conversations_select: { options: (e, s) => rooms(s), initial: (e, s) => rooms(s).filter((one) => one.value === e.initial_conversation) },
  multi_static_select: { multi: true, options: optionsOf, initial: (e) => (e.initial_options || []).map(optionOf) },
  multi_external_select: { multi: true, options: () => [], load: true, initial: (e) => (e.initial_options || []).map(optionOf) },
  multi_users_select: { multi: true, options: (e, s) => people(s), initial: (e, s) => people(s).filter((one) => (e.initial_users || []).includes(one.value)) },
  multi_channels_select: { multi: true, options: (e, s) => rooms(s), initial: (e, s) => rooms(s).filter((one) => (e.initial_channels || []).includes(one.value)) },
  multi_conversations_select: { multi: true, options: (e, s) => rooms(s), initial: (e, s) => rooms(s).filter((one) => (e.initial_conversations || []).includes(one.value)) },
};

// What was chosen in elements that are not part of a form, by element key; Slack's client shows it likewise.
const chosen = new Map();
const labels = new Map();

function send(scope, element, extra) {
  return scope.act({ act: "select", ...scope.base, block_id: scope.blockId, action_id: element.action_id, ...extra });
}

function menuButton(element, scope) {
  const kind = MENUS[element.type];
  const key = `${scope.key}/${element.action_id}`;
  const initial = kind.initial(element, scope);
  initial.forEach((one) => labels.set(`${key}/${one.value}`, one.label));
  const current = (scope.form ? scope.form.get(scope.blockId, element.action_id) : chosen.get(key)) ?? (kind.multi ? initial.map((one) => one.value) : initial[0]?.value);
  const values = kind.multi ? current || [] : current === undefined || current === null ? [] : [current];
  const shown = values.map((value) => labels.get(`${key}/${value}`) || kind.options(element, scope).find((one) => one.value === value)?.label || value).join(", ");
  const open = (event) => pick({
    anchor: event.currentTarget, title: plain(element.placeholder) || scope.label || "", theme: "slack", multi: kind.multi, selected: values,
    options: kind.options(element, scope), minQuery: element.min_query_length ?? (kind.load ? QUERY_LENGTH_DEFAULT : 0),
    load: kind.load ? async (query) => {
      const options = await scope.suggest({ act: "suggest", ...scope.base, block_id: scope.blockId, action_id: element.action_id, value: query });
      return options;
    } : undefined,
    onPick: (value, option) => {
      labels.set(`${key}/${option.value}`, option.label);
      if (kind.multi && element.max_selected_items && value.length > element.max_selected_items) return;
      if (scope.form) scope.form.set(scope.blockId, element.action_id, value);
      else chosen.set(key, value);
      redraw();
      if (!scope.form || scope.dispatch) asked(element, scope, () => send(scope, element, kind.multi ? { values: value } : { value }));
    },
  });
  return h("button", { type: "button", class: cls("s-select", !shown && "unset"), "aria-haspopup": "listbox", "aria-label": scope.label || plain(element.placeholder) || null, "data-testid": `select-${element.action_id}`, onclick: open },
    h("span", null, shown || plain(element.placeholder) || (scope.ctx.locale.startsWith("fr") ? "Choisir" : "Select")), icon("down"));
}

function overflow(element, scope) {
  const open = (event) => pick({
    anchor: event.currentTarget, title: "", theme: "slack", search: false, options: optionsOf(element),
    onPick: (value) => {
      const option = element.options.find((one) => one.value === value);
      if (option?.url && safeUrl(option.url)) window.open(safeUrl(option.url), "_blank", "noopener");
      asked(element, scope, () => send(scope, element, { value }));
    },
  });
  return h("button", { type: "button", class: "s-button s-overflow", "aria-label": "⋯", "aria-haspopup": "listbox", "data-testid": `select-${element.action_id}`, onclick: open }, icon("more"));
}

function button(element, scope) {
  const key = `${scope.key}/${element.action_id}`;
  const press = () => {
    const url = element.url && safeUrl(element.url);
    if (url) window.open(url, "_blank", "noopener");
    asked(element, scope, () => scope.act({ act: "click", ...scope.base, block_id: scope.blockId, action_id: element.action_id }, key));
  };
  return h("button", { type: "button", class: cls("s-button", element.style, scope.busy?.has(key) && "busy"), "aria-label": element.accessibility_label || null, "data-testid": `button-${element.action_id}`, onclick: press }, textObject(element.text, scope.ctx));
}

/** Keeps the value in the form, or sends it. */
function changed(element, scope, value, extra) {
  if (scope.form) scope.form.set(scope.blockId, element.action_id, value);
  else chosen.set(`${scope.key}/${element.action_id}`, value);
  redraw();
  if (!scope.form || scope.dispatch) asked(element, scope, () => send(scope, element, extra || { value }));
}

function dated(element, scope) {
  const [type, initial] = { datepicker: ["date", element.initial_date], timepicker: ["time", element.initial_time] }[element.type];
  return h("input", { type, class: "s-input", initial: scope.form?.get(scope.blockId, element.action_id) ?? initial ?? "", "aria-label": scope.label || plain(element.placeholder) || type, "data-testid": `input-${element.action_id}`, onchange: (event) => { if (event.target.value || scope.form) changed(element, scope, event.target.value || null); } });
}

/** Seconds since the epoch, chosen in Paris time as the office lives in it. */
function dateTime(element, scope) {
  const wall = (seconds) => (seconds ? new Date(seconds * 1000).toLocaleString("sv-SE", { timeZone: "Europe/Paris", dateStyle: "short", timeStyle: "short" }).replace(" ", "T") : "");
  const seconds = (text) => {
    const asUtc = Date.parse(`${text}:00Z`);
    const seen = Date.parse(`${wall(asUtc / 1000)}:00Z`);
    return Math.floor((asUtc - (seen - asUtc)) / 1000);
  };
  return h("input", { type: "datetime-local", class: "s-input", initial: wall(scope.form?.get(scope.blockId, element.action_id) ?? element.initial_date_time), "aria-label": scope.label || "date", "data-testid": `input-${element.action_id}`, onchange: (event) => { if (event.target.value) changed(element, scope, seconds(event.target.value)); } });
}

function choices(element, scope) {
  const radio = element.type === "radio_buttons";
  const key = `${scope.key}/${element.action_id}`;
  const initial = radio ? element.initial_option?.value : (element.initial_options || []).map((option) => option.value);
  const current = (scope.form ? scope.form.get(scope.blockId, element.action_id) : chosen.get(key)) ?? initial;
  const isOn = (value) => (radio ? current === value : (current || []).includes(value));
  const toggle = (value, on) => {
    if (radio) return changed(element, scope, value);
    const values = (current || []).filter((one) => one !== value).concat(on ? [value] : []);
    return changed(element, scope, values, { values });
  };
  return h("div", { class: "s-choices", role: radio ? "radiogroup" : "group", "aria-label": scope.label || null }, (element.options || []).map((option) => h("label", { class: "s-choice" },
    h("input", { type: radio ? "radio" : "checkbox", name: key, checked: isOn(option.value), "data-testid": `choice-${option.value}`, onchange: (event) => toggle(option.value, event.target.checked) }),
    h("span", null, textObject(option.text, scope.ctx), option.description ? h("small", null, textObject(option.description, scope.ctx)) : null))));
}

const TEXT_TYPES = { plain_text_input: "text", email_text_input: "email", url_text_input: "url", number_input: "number", rich_text_input: "text" };

function textInput(element, scope) {
  const value = scope.form?.get(scope.blockId, element.action_id) ?? element.initial_value ?? "";
  const long = element.multiline || element.type === "rich_text_input";
  const max = element.max_length;
  const props = {
    class: "s-input", initial: value, placeholder: plain(element.placeholder) || null, maxlength: max || null, "aria-label": scope.label || null, "data-testid": `input-${element.action_id}`,
    "data-first": element.focus_on_load ? true : null, inputmode: element.type === "number_input" ? (element.is_decimal_allowed ? "decimal" : "numeric") : null,
    oninput: (event) => { scope.form?.set(scope.blockId, element.action_id, event.target.value); if (max) redraw(); },
    onchange: scope.dispatch ? (event) => send(scope, element, { value: event.target.value }) : null,
  };
  const left = max ? max - String(value).length : null;
  return h("div", { class: "s-field-box" }, long ? h("textarea", { ...props, rows: 4 }) : h("input", { ...props, type: TEXT_TYPES[element.type] }),
    left !== null && (max <= 300 || left < max * (1 - LONG_TEXT_LEFT_SHOWN)) ? h("span", { class: cls("s-count", left < 10 && "low"), "aria-live": "polite" }, left) : null);
}

/** An element as a node; what this page does not know is named, never silently dropped. */
export function element(one, scope) {
  if (!one) return null;
  if (MENUS[one.type]) return menuButton(one, scope);
  if (one.type in TEXT_TYPES) return textInput(one, scope);
  switch (one.type) {
    case "button": case "workflow_button": return button(one, scope);
    case "overflow": return overflow(one, scope);
    case "datepicker": case "timepicker": return dated(one, scope);
    case "datetimepicker": return dateTime(one, scope);
    case "radio_buttons": case "checkboxes": return choices(one, scope);
    case "image": return h("img", { class: "s-accessory", src: safeUrl(one.image_url) || null, alt: one.alt_text || "" });
    default: return h("span", { class: "s-unknown" }, `[${one.type}]`);
  }
}

/** What an element of a form starts with, for a form that is submitted untouched. */
export function initialValue(one, scope) {
  if (!one) return undefined;
  const kind = MENUS[one.type];
  if (kind) {
    const values = kind.initial(one, scope).map((option) => option.value);
    return kind.multi ? (values.length ? values : undefined) : values[0];
  }
  switch (one.type) {
    case "datepicker": return one.initial_date;
    case "timepicker": return one.initial_time;
    case "datetimepicker": return one.initial_date_time;
    case "radio_buttons": return one.initial_option?.value;
    case "checkboxes": return one.initial_options?.map((option) => option.value);
    default: return one.initial_value;
  }
}
