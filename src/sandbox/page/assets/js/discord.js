// The Discord pane: server channels by category, threads, private messages, commands, modal; acting as one member.

import { cls, h, redraw } from "./dom.js";
import { composer, wordBehind } from "./composer.js";
import { commandForm, flatCommands, startCommand } from "./discord-command.js";
import { avatar, messageList } from "./discord-message.js";
import { discordModal } from "./discord-modal.js";
import { icon } from "./icons.js";
import { complain } from "./overlay.js";
import { memory, read, refresher, write } from "./server.js";
import { setClock } from "./time.js";
import { t } from "./words.js";

const CATEGORY = 4;
const PRIVATE = new Set([1, 3]);
const COMPLETIONS_MAX = 8;
const SHOWN_MAX = 300;

/** The pane's state and what its parts may do. */
export const discord = {
  snap: null, me: memory.get("discord.me", null), channel: memory.get("discord.channel", null), drawer: false, editing: null, flash: null, reply: null, command: null,
  busy: new Set(), dismissed: new Set(), users: new Map(), roles: new Map(), channels: new Map(), locale: "en-US", french: false, atEnd: true, error: null, first: null, folded: new Set(),
};
const pane = discord;
let seen = memory.get("discord.seen", {});

/** Who to act as: the member of last time, unless another office runs here now. */
pane.start = (member) => {
  pane.me ||= member;
  pane.first = member;
};

pane.refresh = refresher(async () => {
  const load = () => read(`/api/discord/state?as=${encodeURIComponent(pane.me || "")}`);
  let answer = await load();
  const unknown = answer.error !== "offline" && !answer.body?.users?.some((user) => user.id === pane.me);
  if (unknown && pane.first && pane.me !== pane.first) {
    pane.me = pane.first;
    answer = await load();
  }
  pane.error = answer.ok ? null : answer.error;
  if (answer.ok) take(answer.body);
  redraw();
});

function take(snap) {
  pane.snap = snap;
  setClock(snap.clock_ms);
  pane.users = new Map(snap.users.map((user) => [user.id, user]));
  pane.roles = new Map((snap.roles || []).map((role) => [role.id, role]));
  pane.channels = new Map(snap.channels.map((channel) => [channel.id, channel]));
  pane.locale = pane.users.get(pane.me)?.locale || "en-US";
  // Discord calls French "fr", without a country.
  pane.french = pane.locale.startsWith("fr");
  if (!pane.channels.has(pane.channel)) {
    const rooms = sorted(snap.channels).filter((channel) => channel.type === 0);
    // A newcomer starts where something was last said.
    const last = (channel) => BigInt((snap.messages[channel.id] || []).at(-1)?.id || 0);
    pane.channel = rooms.reduce((best, one) => (best && last(best) >= last(one) ? best : one), null)?.id || null;
  }
  pane.ctx = { users: pane.users, roles: pane.roles, channels: pane.channels, me: pane.me, locale: pane.locale, jump: pane.jump };
}

pane.post = (body) => write(`/api/discord/act?as=${encodeURIComponent(pane.me)}`, body);

pane.act = async (body, busyKey) => {
  if (busyKey) {
    if (pane.busy.has(busyKey)) return { ok: false };
    pane.busy.add(busyKey);
    redraw();
  }
  const result = await pane.post(body);
  if (busyKey) pane.busy.delete(busyKey);
  complain(result);
  redraw();
  pane.refresh();
  return result;
};

/** A name or description in the acting member's language. */
pane.localized = (one, field) => {
  const all = one[`${field}_localizations`] || {};
  return all[pane.locale] || all[pane.locale.slice(0, 2)] || (pane.french ? all.fr : null) || one[field] || "";
};

pane.react = (message, emoji, mine) => pane.act({ act: mine ? "unreact" : "react", channel: message.channel_id, message: message.id, emoji });

pane.dismiss = (id) => {
  pane.dismissed.add(id);
  redraw();
};

pane.replyTo = (message) => {
  pane.reply = message;
  pane.command = null;
  redraw();
  setTimeout(() => document.querySelector("[data-testid='composer-discord']")?.focus(), 20);
};

pane.open = (id) => {
  Object.assign(pane, { channel: id, drawer: false, reply: null, command: null, editing: null, atEnd: true });
  memory.set("discord.channel", id);
  redraw();
};

pane.jump = (channel, message) => {
  if (channel !== pane.channel) pane.open(channel);
  if (!message) return;
  pane.flash = message;
  pane.atEnd = false;
  redraw();
  setTimeout(() => document.querySelector(`.discord [data-testid="message-${message}"]`)?.scrollIntoView({ block: "center" }), 30);
  setTimeout(() => { pane.flash = null; redraw(); }, 2500);
};

const sorted = (channels) => [...channels].sort((a, b) => (a.position ?? 0) - (b.position ?? 0));

function unread(channel) {
  const mark = BigInt(seen[`${pane.me}.${channel.id}`] || "0");
  return (pane.snap.messages[channel.id] || []).filter((message) => BigInt(message.id) > mark && message.author.id !== pane.me && !pane.dismissed.has(message.id)).length;
}

/** All unread messages of the acting member. */
export function discordUnread() {
  return pane.snap ? pane.snap.channels.reduce((sum, channel) => sum + unread(channel), 0) : 0;
}

function markSeen() {
  const last = (pane.snap.messages[pane.channel] || []).at(-1)?.id;
  const key = `${pane.me}.${pane.channel}`;
  if (!last || document.hidden || !pane.atEnd || BigInt(seen[key] || "0") >= BigInt(last)) return;
  seen = { ...seen, [key]: last };
  memory.set("discord.seen", seen);
}

const peerOf = (channel) => {
  const recipient = channel.recipient || channel.recipients?.find((user) => (user.id || user) !== pane.me);
  return pane.users.get(recipient?.id || recipient) || recipient;
};

const nameOf = (channel) => (PRIVATE.has(channel.type) ? peerOf(channel)?.global_name || peerOf(channel)?.username || "?" : channel.name);

function row(channel) {
  const count = channel.id === pane.channel ? 0 : unread(channel);
  const direct = PRIVATE.has(channel.type);
  const name = nameOf(channel);
  const threads = sorted(pane.snap.channels).filter((one) => one.thread && one.parent_id === channel.id && (!one.archived || one.id === pane.channel));
  return h("li", { key: channel.id }, h("button", { type: "button", class: cls("d-channel", channel.thread && "thread", channel.id === pane.channel && "active", count && "unread"), "aria-current": channel.id === pane.channel ? "true" : null, "data-testid": `channel-${direct ? peerOf(channel)?.username : name}`, onclick: () => pane.open(channel.id) },
    direct ? avatar(peerOf(channel), "tiny") : icon(channel.thread ? "thread" : "hash"), h("span", { class: "name" }, name), count ? h("span", { class: "badge", "aria-label": t("unread", { n: count }) }, count > 99 ? "99+" : count) : null),
  threads.length ? h("ul", { class: "d-threads" }, threads.map(row)) : null);
}

function sidebar() {
  const { snap } = pane;
  const all = sorted(snap.channels);
  const rooms = all.filter((channel) => !channel.thread && !PRIVATE.has(channel.type) && channel.type !== CATEGORY);
  const loose = rooms.filter((channel) => !channel.parent_id || !pane.channels.has(channel.parent_id));
  const direct = all.filter((channel) => PRIVATE.has(channel.type));
  const fold = (id) => {
    if (!pane.folded.delete(id)) pane.folded.add(id);
    redraw();
  };
  return h("nav", { class: cls("d-side", pane.drawer && "open"), "aria-label": t("channels") },
    h("div", { class: "d-guild" }, h("strong", null, snap.guild.name), h("button", { type: "button", class: "plain drawer-close", "aria-label": t("close"), onclick: () => { pane.drawer = false; redraw(); } }, icon("close"))),
    h("div", { class: "d-lists" },
      h("ul", null, loose.map(row)),
      all.filter((channel) => channel.type === CATEGORY).map((category) => {
        const inside = rooms.filter((channel) => channel.parent_id === category.id);
        if (inside.length === 0) return null;
        const folded = pane.folded.has(category.id);
        return h("div", { key: category.id }, h("button", { type: "button", class: "d-category", "aria-expanded": folded ? "false" : "true", onclick: () => fold(category.id) }, icon(folded ? "right" : "down"), category.name),
          h("ul", null, inside.filter((channel) => !folded || channel.id === pane.channel || unread(channel)).map(row)));
      }),
      h("h3", null, pane.french ? "Messages privés" : "Direct messages"),
      h("ul", null, direct.map(row), direct.length ? null : botRow())),
    memberPicker());
}

/** The bot, before there are any private messages with it. */
function botRow() {
  const bot = pane.snap.users.find((user) => user.bot);
  if (!bot) return null;
  const write_ = async () => {
    const result = await pane.act({ act: "open_dm" });
    if (result.ok && result.body.channel) pane.open(result.body.channel);
  };
  return h("li", { key: "bot" }, h("button", { type: "button", class: "d-channel", "data-testid": `channel-${bot.username}`, onclick: write_ }, avatar(bot, "tiny"), h("span", { class: "name" }, bot.global_name || bot.username)));
}

function memberPicker() {
  const me = pane.users.get(pane.me);
  return h("div", { class: "member" }, avatar(me, "small"),
    h("select", { "aria-label": t("acting_as"), title: t("acting_as"), "data-testid": "member-discord", value: pane.me, onchange: (event) => become(event.target.value) },
      pane.snap.users.filter((user) => !user.bot).map((user) => h("option", { value: user.id, key: user.id }, user.global_name || user.username))),
    h("select", { class: "locale", "aria-label": t("locale"), title: t("locale"), "data-testid": "locale-discord", value: pane.locale, onchange: (event) => pane.act({ act: "set_locale", locale: event.target.value }) },
      [...new Set(["fr", "en-US", pane.locale])].map((locale) => h("option", { value: locale, key: locale }, locale.slice(0, 2).toUpperCase()))));
}

function become(id) {
  pane.me = id;
  memory.set("discord.me", id);
  Object.assign(pane, { reply: null, command: null });
  pane.refresh();
}

function complete(text, caret) {
  const { snap } = pane;
  if (text.startsWith("/")) {
    const words = text.slice(1).toLowerCase();
    const rows = flatCommands(snap.commands, pane.localized).filter((one) => one.title.slice(1).toLowerCase().startsWith(words) || `${one.command.name} ${one.path.map((step) => step.name).join(" ")}`.trim().startsWith(words));
    return { items: rows.slice(0, 25).map((one) => ({ name: [one.command.name, ...one.path.map((step) => step.name)].join("-"), label: one.title, detail: one.description, run: () => begin(one) })) };
  }
  const at = wordBehind("@", text, caret);
  if (at) return { items: snap.users.filter((user) => `${user.username} ${user.global_name}`.toLowerCase().includes(at.word)).slice(0, COMPLETIONS_MAX).map((user) => ({ name: user.username, label: user.global_name || user.username, detail: `@${user.username}`, from: at.from, insert: `<@${user.id}> ` })) };
  const hash = wordBehind("#", text, caret);
  if (hash) return { items: snap.channels.filter((channel) => channel.name && channel.type !== CATEGORY && channel.name.includes(hash.word)).slice(0, COMPLETIONS_MAX).map((channel) => ({ name: channel.name, label: `#${channel.name}`, from: hash.from, insert: `<#${channel.id}> ` })) };
  return { items: [] };
}

function begin(one) {
  pane.command = startCommand(one);
  pane.reply = null;
  redraw();
}

async function send(text) {
  const slash = text.match(/^\/([\p{L}\p{N}_-]+)(?:\s+(.*))?$/u);
  if (slash) {
    const words = text.slice(1).toLowerCase();
    const exact = flatCommands(pane.snap.commands, pane.localized).find((one) => one.title.slice(1).toLowerCase() === words);
    if (exact) {
      begin(exact);
      return true;
    }
  }
  pane.atEnd = true;
  const result = await pane.act({ act: "post", channel: pane.channel, content: text, ...(pane.reply ? { reply_to: pane.reply.id } : {}) });
  if (result.ok) pane.reply = null;
  return result.ok;
}

function replyBar() {
  if (!pane.reply) return null;
  const author = pane.users.get(pane.reply.author.id) || pane.reply.author;
  return h("div", { class: "d-replying" }, h("span", null, pane.french ? "Répond à " : "Replying to ", h("strong", null, author.global_name || author.username)), h("button", { type: "button", class: "plain", "aria-label": t("cancel"), onclick: () => { pane.reply = null; redraw(); } }, icon("close")));
}

function mainArea() {
  const channel = pane.channels.get(pane.channel);
  const messages = (pane.snap.messages[pane.channel] || []).filter((message) => !pane.dismissed.has(message.id)).slice(-SHOWN_MAX);
  const parent = channel?.thread ? pane.channels.get(channel.parent_id) : null;
  const name = channel ? nameOf(channel) : "";
  const direct = channel && PRIVATE.has(channel.type);
  const typing = (pane.snap.typing || []).filter((one) => (one.channel_id || one.channel) === pane.channel).map((one) => pane.users.get(one.user_id || one.user)).filter(Boolean);
  const label = pane.french ? `Envoyer un message ${direct ? "à @" : "dans #"}${name}` : `Message ${direct ? "@" : "#"}${name}`;
  return h("div", { class: "d-main" },
    h("header", { class: "d-head" }, h("button", { type: "button", class: "plain drawer-open", "aria-label": t("show_channels"), onclick: () => { pane.drawer = true; redraw(); } }, icon("menu")),
      h("h2", null, direct ? avatar(peerOf(channel), "tiny") : icon(channel?.thread ? "thread" : "hash"), parent ? h("button", { type: "button", class: "d-link crumb", onclick: () => pane.open(parent.id) }, `${parent.name} ›`) : null, h("span", null, name)),
      channel?.topic ? h("span", { class: "d-topic", title: channel.topic }, channel.topic) : null),
    h("div", { class: "d-messages", role: "log", "aria-live": "polite", tabindex: "0", key: `list-${pane.channel}`,
      onscroll: (event) => { const el = event.target; pane.atEnd = el.scrollHeight - el.scrollTop - el.clientHeight < 40; },
      hook: (el, fresh) => { if (fresh || pane.atEnd) el.scrollTop = el.scrollHeight; } }, h("div", { class: "d-spring" }), messageList(messages, pane)),
    h("div", { class: "pane-toasts", role: "status" }, (pane.snap.toasts || []).slice(-3).map((toast) => h("div", { class: "pane-toast", key: String(toast.id), "data-testid": "toast-discord" }, h("span", null, toast.text), h("button", { type: "button", class: "plain", "aria-label": t("close"), onclick: () => pane.act({ act: "dismiss_toast", id: toast.id }) }, icon("close"))))),
    !channel ? null : channel.can_send === false ? h("div", { class: "d-no-send" }, pane.french ? "Vous n’avez pas la permission d’envoyer des messages dans ce salon." : "You do not have permission to send messages in this channel.")
      : pane.command ? commandForm(pane.command, pane)
        : composer({ key: `discord-${pane.me}-${pane.channel}`, testid: "composer-discord", label, send, complete, before: replyBar(), onEscape: () => { pane.reply = null; redraw(); } }),
    h("div", { class: "d-typing", "aria-live": "polite" }, typing.length ? `${typing.map((user) => user.global_name || user.username).join(", ")} ${pane.french ? "écrit…" : "is typing…"}` : ""));
}

/** The whole pane. */
export function discordView() {
  const props = { key: "discord", "data-testid": "pane-discord", "aria-label": "Discord" };
  if (!pane.snap) return h("section", { class: "pane discord", ...props }, h("p", { class: "empty" }, pane.error ? t("not_answered", { error: pane.error }) : t("loading")));
  markSeen();
  return h("section", { class: "pane discord", ...props, lang: pane.locale.slice(0, 2) },
    pane.drawer ? h("div", { class: "drawer-shade", key: "shade", onclick: () => { pane.drawer = false; redraw(); } }) : null,
    sidebar(), mainArea(), discordModal(pane));
}
