// Discord's message components: rows of buttons and menus, and the newer containers, sections and text displays.

import { cls, h, safeUrl } from "./dom.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { pick } from "./overlay.js";

const BUTTON_STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "premium" };
const MENUS = { 3: "string", 5: "user", 6: "role", 7: "mentionable", 8: "channel" };

/** All components of a message. */
export function components(list, message, pane) {
  return (list || []).map((one, at) => h("div", { class: "d-component", key: `component-${one.id ?? at}` }, component(one, message, pane)));
}

function component(one, message, pane) {
  if (!one) return null;
  if (MENUS[one.type]) return selectMenu(one, message, pane);
  switch (one.type) {
    case 1: return h("div", { class: "d-row" }, (one.components || []).map((child) => component(child, message, pane)));
    case 2: return button(one, message, pane);
    case 9: return h("div", { class: "d-section" }, h("div", null, (one.components || []).map((child) => component(child, message, pane))), component(one.accessory, message, pane));
    case 10: return h("div", { class: "d-text" }, markdown(one.content, pane.ctx));
    case 11: return picture(one.media?.url, one.description);
    case 12: return h("div", { class: "d-gallery" }, (one.items || []).map((item) => picture(item.media?.url, item.description)));
    case 13: return h("span", { class: "d-file" }, icon("image"), one.file?.url || "");
    case 14: return h("hr", { class: cls("d-separator", one.divider === false && "blank") });
    case 17: return h("div", { class: "d-embed", style: { "--bar": colorHex(one.accent_color) } }, (one.components || []).map((child) => component(child, message, pane)));
    default: return h("span", { class: "d-unknown" }, `[component ${one.type}]`);
  }
}

/** Discord's colours are numbers. */
export function colorHex(color) {
  if (typeof color === "string" && /^#?[0-9a-f]{6}$/i.test(color)) return `#${color.replace("#", "")}`;
  return typeof color === "number" ? `#${color.toString(16).padStart(6, "0")}` : "#4e5058";
}

/** A picture, or its description where it cannot be shown. */
export function picture(address, description) {
  const url = safeUrl(address || "");
  return url ? h("img", { class: "d-image", src: url, alt: description || "", loading: "lazy" }) : h("span", { class: "d-unknown" }, icon("image"), description || "");
}

function emojiOf(one) {
  return one?.name ? h("span", { class: "emoji" }, one.id ? `:${one.name}:` : one.name) : null;
}

function button(one, message, pane) {
  const style = BUTTON_STYLES[one.style] || "secondary";
  const label = [emojiOf(one.emoji), one.label ? h("span", null, one.label) : null];
  if (one.style === 5) return h("a", { class: "d-button link", href: safeUrl(one.url || ""), target: "_blank", rel: "noopener noreferrer" }, label, icon("link"));
  const key = `${message.id}/${one.custom_id}`;
  return h("button", { type: "button", class: cls("d-button", style, pane.busy.has(key) && "busy"), disabled: one.disabled || null, "data-testid": `button-${one.custom_id}`, onclick: () => pane.act({ act: "click", channel: message.channel_id, message: message.id, custom_id: one.custom_id }, key) }, label);
}

function menuOptions(one, pane) {
  const users = [...pane.users.values()].map((user) => ({ value: user.id, label: user.global_name || user.username, detail: `@${user.username}` }));
  const roles = [...pane.roles.values()].map((role) => ({ value: role.id, label: `@${role.name}` }));
  switch (one.type) {
    case 3: return (one.options || []).map((option) => ({ value: option.value, label: `${option.emoji?.name && !option.emoji.id ? `${option.emoji.name} ` : ""}${option.label}`, detail: option.description }));
    case 5: return users;
    case 6: return roles;
    case 7: return [...users, ...roles];
    default: return [...pane.channels.values()].filter((channel) => !one.channel_types?.length || one.channel_types.includes(channel.type)).filter((channel) => channel.name).map((channel) => ({ value: channel.id, label: `#${channel.name}` }));
  }
}

function selectMenu(one, message, pane) {
  const options = menuOptions(one, pane);
  const preset = one.type === 3 ? (one.options || []).filter((option) => option.default).map((option) => option.value) : (one.default_values || []).map((value) => value.id);
  const shown = preset.map((value) => options.find((option) => option.value === value)?.label || value).join(", ");
  const multi = (one.max_values ?? 1) > 1;
  let values = preset;
  const send = (chosen) => pane.act({ act: "select", channel: message.channel_id, message: message.id, custom_id: one.custom_id, values: chosen }, `${message.id}/${one.custom_id}`);
  const open = (event) => pick({
    anchor: event.currentTarget, title: one.placeholder || "", theme: "discord", multi, options, selected: preset,
    onPick: (value) => { if (multi) values = value; else send([value]); },
    onClose: () => { if (multi && values.length >= (one.min_values ?? 1) && values.join() !== preset.join()) send(values); },
  });
  return h("button", { type: "button", class: cls("d-select", !shown && "unset", pane.busy.has(`${message.id}/${one.custom_id}`) && "busy"), disabled: one.disabled || null, "aria-haspopup": "listbox", "aria-label": one.placeholder || null, "data-testid": `select-${one.custom_id}`, onclick: open }, h("span", null, shown || one.placeholder || "…"), icon("down"));
}
