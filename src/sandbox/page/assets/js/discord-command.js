// Discord's slash commands: finding one, then filling its options with completion, as its client does.

import { cls, h, redraw } from "./dom.js";
import { icon } from "./icons.js";
import { pick } from "./overlay.js";
import { t } from "./words.js";

const SUB = 1;
const GROUP = 2;

/** All commands as one would type them: subcommands are written out. */
export function flatCommands(commands, localized) {
  const rows = [];
  for (const command of commands || []) {
    if ((command.type ?? 1) !== 1) continue;
    const walk = (node, path, shown) => {
      const subs = (node.options || []).filter((option) => option.type === SUB || option.type === GROUP);
      if (subs.length === 0) {
        rows.push({ command, path, title: `/${shown.join(" ")}`, description: localized(node, "description"), options: node.options || [] });
        return;
      }
      for (const sub of subs) walk(sub, [...path, { name: sub.name, type: sub.type }], [...shown, localized(sub, "name")]);
    };
    walk(command, [], [localized(command, "name")]);
  }
  return rows;
}

/** A command being filled in. */
export function startCommand(row) {
  const values = new Map();
  const shown = new Set(row.options.filter((option) => option.required).map((option) => option.name));
  // With nothing required, the first option stands ready to be filled, or left empty.
  if (shown.size === 0 && row.options.length > 0) shown.add(row.options[0].name);
  return { row, values, labels: new Map(), shown, wrong: new Set() };
}

/** The options as the act wants them, nested under subcommands. */
function optionsOf(form) {
  let options = [...form.values].filter(([, value]) => value !== "" && value !== undefined).map(([name, value]) => {
    const { type } = form.row.options.find((option) => option.name === name);
    return { name, type, value: typed(type, value) };
  });
  for (const { name, type } of [...form.row.path].reverse()) options = [{ name, type, options }];
  return options;
}

function typed(type, value) {
  if (type === 4) return Number.parseInt(value, 10);
  if (type === 10) return Number.parseFloat(value);
  if (type === 5) return value === true || value === "true";
  return value;
}

async function complete(form, option, query, pane) {
  const before = new Map(form.values);
  const partial = { row: form.row, values: new Map([...before].filter(([name]) => name !== option.name)) };
  const nest = (options) => [...form.row.path].reverse().reduce((inner, { name, type }) => [{ name, type, options: inner }], options);
  let flat = [...partial.values].filter(([, value]) => value !== "").map(([name, value]) => ({ name, type: form.row.options.find((one) => one.name === name).type, value }));
  flat = [...flat, { name: option.name, type: option.type, value: query, focused: true }];
  const result = await pane.post({ act: "autocomplete", channel: pane.channel, name: form.row.command.name, options: nest(flat) });
  const choices = (result.body?.choices || []).map((choice) => ({ value: String(choice.value), label: pane.localized(choice, "name") }));
  // Discord also lets one send what was typed.
  if (query && !choices.some((choice) => choice.value === query)) choices.push({ value: query, label: query });
  return choices;
}

function choicesOf(option, pane) {
  const people = [...pane.users.values()].map((user) => ({ value: user.id, label: user.global_name || user.username, detail: `@${user.username}` }));
  const roles = [...pane.roles.values()].map((role) => ({ value: role.id, label: `@${role.name}` }));
  if (option.choices?.length) return option.choices.map((choice) => ({ value: String(choice.value), label: pane.localized(choice, "name") }));
  switch (option.type) {
    case 5: return [{ value: "true", label: pane.french ? "Vrai" : "True" }, { value: "false", label: pane.french ? "Faux" : "False" }];
    case 6: return people;
    case 7: return [...pane.channels.values()].filter((channel) => channel.name).map((channel) => ({ value: channel.id, label: `#${channel.name}` }));
    case 8: return roles;
    case 9: return [...people, ...roles];
    default: return null;
  }
}

function field(option, form, pane, at) {
  const label = pane.localized(option, "name");
  const choices = choicesOf(option, pane);
  const value = form.values.get(option.name);
  const set = (next, shown) => {
    form.values.set(option.name, next);
    if (shown !== undefined) form.labels.set(`${option.name}/${next}`, shown);
    form.wrong.delete(option.name);
    redraw();
  };
  const remove = () => {
    form.values.delete(option.name);
    form.shown.delete(option.name);
    redraw();
  };
  const open = ({ currentTarget: anchor }) => pick({
    anchor, title: `${label}: ${pane.localized(option, "description")}`, theme: "discord", options: choices || [], selected: value === undefined ? [] : [value],
    load: option.autocomplete ? (query) => complete(form, option, query, pane) : undefined,
    onPick: (next, one) => { set(next, one.label); anchor.focus(); },
  });
  const input = choices || option.autocomplete
    ? h("button", { type: "button", class: "d-option-value", "aria-haspopup": "listbox", "data-testid": `option-input-${option.name}`, "data-first": at === 0 ? true : null, onclick: open }, value === undefined ? "…" : form.labels.get(`${option.name}/${value}`) || value)
    : h("input", { class: "d-option-value", type: option.type === 4 || option.type === 10 ? "number" : "text", step: option.type === 10 ? "any" : null, min: option.min_value ?? null, max: option.max_value ?? null, minlength: option.min_length ?? null, maxlength: option.max_length ?? null,
      initial: value ?? "", "aria-label": label, "data-testid": `option-input-${option.name}`, "data-first": at === 0 ? true : null, oninput: (event) => { form.values.set(option.name, event.target.value); form.wrong.delete(option.name); } });
  return h("div", { class: cls("d-option", form.wrong.has(option.name) && "wrong"), key: option.name, title: pane.localized(option, "description") },
    h("span", { class: "d-option-name" }, label), input, option.required ? null : h("button", { type: "button", class: "plain", "aria-label": `${t("cancel")} ${label}`, onclick: remove }, icon("close")));
}

async function send(form, pane) {
  form.wrong = new Set(form.row.options.filter((option) => option.required && (form.values.get(option.name) ?? "") === "").map((option) => option.name));
  if (form.wrong.size > 0) return redraw();
  form.busy = true;
  redraw();
  const result = await pane.act({ act: "slash", channel: pane.channel, name: form.row.command.name, options: optionsOf(form) });
  form.busy = false;
  if (result.ok) pane.command = null;
  return redraw();
}

/** The composer while a command is being filled in. */
export function commandForm(form, pane) {
  const hidden = form.row.options.filter((option) => !form.shown.has(option.name));
  const cancel = () => { pane.command = null; redraw(); };
  const add = ({ currentTarget: anchor }) => pick({ anchor, title: pane.french ? "Options" : "Options", theme: "discord", search: false, options: hidden.map((option) => ({ value: option.name, label: pane.localized(option, "name"), detail: pane.localized(option, "description") })), onPick: (name) => { form.shown.add(name); redraw(); setTimeout(() => document.querySelector(`[data-testid="option-input-${name}"]`)?.focus(), 20); } });
  return h("form", { class: "d-command", key: `command-${form.row.title}`, "data-testid": "command-discord", mounted: (el) => (el.querySelector("[data-first]") || el.querySelector("[type=submit]")).focus({ preventScroll: true }),
    onsubmit: (event) => { event.preventDefault(); if (!form.busy) send(form, pane); }, onkeydown: (event) => { if (event.key === "Escape" && !event.defaultPrevented) cancel(); } },
  h("div", { class: "d-command-help" }, h("strong", null, form.row.title), h("span", null, ` ${form.row.description || ""}`), h("button", { type: "button", class: "plain", "aria-label": t("cancel"), onclick: cancel }, icon("close"))),
  h("div", { class: "d-command-line" }, h("span", { class: "d-command-name" }, form.row.title),
    form.row.options.filter((option) => form.shown.has(option.name)).map((option, at) => field(option, form, pane, at)),
    hidden.length ? h("button", { type: "button", class: "d-option-more", "data-testid": "option-more", onclick: add }, `+${hidden.length} ${pane.french ? "en option" : "optional"}`) : null,
    h("button", { type: "submit", class: "composer-send", "aria-label": t("send"), "data-testid": "command-send", disabled: form.busy || null }, icon("send"))));
}
