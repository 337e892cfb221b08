// The Slack pane: sidebar, channel, thread, Home tab, modal; acting as one member.

import { cls, h, redraw } from "./dom.js";
import { composer, wordBehind } from "./composer.js";
import { emoji, findEmoji } from "./emoji.js";
import { icon } from "./icons.js";
import { complain, pick } from "./overlay.js";
import { memory, read, refresher, write } from "./server.js";
import { blocks } from "./slack-blocks.js";
import { avatar, messageList } from "./slack-message.js";
import { slackModal } from "./slack-modal.js";
import { emojis, plain } from "./mrkdwn.js";
import { setClock } from "./time.js";
import { t } from "./words.js";

const COMPLETIONS_MAX = 8;
const SHOWN_MAX = 300;

/** The pane's state and what its parts may do. */
export const slack = {
  snap: null, me: memory.get("slack.me", null), channel: memory.get("slack.channel", null), thread: null, tab: "messages", drawer: false,
  editing: null, flash: null, busy: new Set(), users: new Map(), channels: new Map(), locale: "en-US", french: false, atEnd: { list: true, thread: true }, error: null, first: null,
};
const pane = slack;
let seen = memory.get("slack.seen", {});

/** Who to act as: the member of last time, unless another office runs here now. */
pane.start = (member) => {
  pane.me ||= member;
  pane.first = member;
};

pane.refresh = refresher(async () => {
  const load = () => read(`/api/slack/state?as=${encodeURIComponent(pane.me || "")}`);
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
  pane.channels = new Map(snap.channels.map((channel) => [channel.id, channel]));
  pane.locale = pane.users.get(pane.me)?.locale || "en-US";
  pane.french = pane.locale.startsWith("fr");
  if (!pane.channels.has(pane.channel)) {
    // A newcomer starts where something was last said.
    const last = (channel) => Number((snap.messages[channel.id] || []).at(-1)?.ts || 0);
    const rooms = snap.channels.filter((channel) => !channel.is_im && !channel.is_archived);
    pane.channel = (rooms.reduce((best, one) => (best && last(best) >= last(one) ? best : one), null) || snap.channels[0])?.id || null;
  }
  pane.ctx = { users: pane.users, channels: pane.channels, me: pane.me, locale: pane.locale, jump: pane.jump };
}

pane.act = async (body, busyKey) => {
  if (busyKey) {
    if (pane.busy.has(busyKey)) return { ok: false };
    pane.busy.add(busyKey);
    redraw();
  }
  const result = await write(`/api/slack/act?as=${encodeURIComponent(pane.me)}`, body);
  if (busyKey) pane.busy.delete(busyKey);
  complain(result);
  redraw();
  pane.refresh();
  return result;
};

pane.react = (message, name, mine) => pane.act({ act: mine ? "unreact" : "react", channel: pane.channel, ts: message.ts, name });

pane.suggest = async (body) => {
  const result = await write(`/api/slack/act?as=${encodeURIComponent(pane.me)}`, body);
  complain(result);
  const option = (one, group) => ({ value: one.value, label: plain(one.text), detail: one.description ? plain(one.description) : undefined, group });
  const { options = [], option_groups: groups } = result.body || {};
  return groups ? groups.flatMap((group) => group.options.map((one) => option(one, plain(group.label)))) : options.map((one) => option(one));
};

pane.scope = (base, key, blockId) => ({ act: pane.act, suggest: pane.suggest, base, key, blockId, ctx: pane.ctx, users: pane.snap.users, channels: pane.snap.channels, busy: pane.busy });

pane.openThread = (ts) => {
  pane.thread = ts;
  pane.atEnd.thread = true;
  redraw();
};

pane.jump = (channel, ts) => {
  openChannel(channel);
  if (!ts) return;
  const message = (pane.snap.messages[channel] || []).find((one) => one.ts === ts);
  if (message?.thread_ts && message.thread_ts !== ts) pane.thread = message.thread_ts;
  pane.flash = ts;
  pane.atEnd.list = false;
  redraw();
  setTimeout(() => document.querySelector(`[data-testid="message-${ts}"], [data-testid="thread-message-${ts}"]`)?.scrollIntoView({ block: "center" }), 30);
  setTimeout(() => { pane.flash = null; redraw(); }, 2500);
};

function openChannel(id) {
  pane.channel = id;
  memory.set("slack.channel", id);
  Object.assign(pane, { thread: null, tab: "messages", drawer: false, editing: null });
  pane.atEnd.list = true;
  redraw();
}

async function openApp(tab) {
  const im = imWithBot();
  Object.assign(pane, { tab, drawer: false, thread: null });
  if (im) pane.channel = im.id;
  redraw();
  if (tab === "home") await pane.act({ act: "open_home" });
  else if (!im) {
    const result = await pane.act({ act: "open_dm" });
    if (result.ok && result.body.channel) pane.channel = result.body.channel.id || result.body.channel;
  }
}

function botUser() {
  return pane.snap.users.find((user) => user.is_bot);
}

function imWithBot() {
  const bot = botUser();
  return bot ? pane.snap.channels.find((channel) => channel.is_im && channel.user === bot.id) : null;
}

/** Messages that others wrote after what this member last saw. */
function unread(channel) {
  const mark = seen[`${pane.me}.${channel.id}`] || "0";
  return (pane.snap.messages[channel.id] || []).filter((message) => Number(message.ts) > Number(mark) && message.user !== pane.me && !(message.thread_ts && message.thread_ts !== message.ts)).length;
}

/** All unread messages of the acting member. */
export function slackUnread() {
  return pane.snap ? pane.snap.channels.reduce((sum, channel) => sum + unread(channel), 0) : 0;
}

function markSeen() {
  const last = (pane.snap.messages[pane.channel] || []).at(-1)?.ts;
  const key = `${pane.me}.${pane.channel}`;
  if (!last || document.hidden || !pane.atEnd.list || Number(seen[key] || 0) >= Number(last)) return;
  seen = { ...seen, [key]: last };
  memory.set("slack.seen", seen);
}

function channelRow(channel) {
  const count = channel.id === pane.channel ? 0 : unread(channel);
  const peer = channel.is_im ? pane.users.get(channel.user) : null;
  const name = peer ? peer.real_name || peer.name : channel.name;
  return h("li", { key: channel.id }, h("button", { type: "button", class: cls("s-channel", channel.id === pane.channel && "active", count && "unread"), "aria-current": channel.id === pane.channel ? "true" : null, "data-testid": `channel-${peer ? peer.name : channel.name}`, onclick: () => openChannel(channel.id) },
    peer ? avatar(peer, name, "tiny") : icon(channel.is_private ? "lock" : "hash"), h("span", { class: "name" }, name), count ? h("span", { class: "badge", "aria-label": t("unread", { n: count }) }, count > 99 ? "99+" : count) : null));
}

function memberPicker() {
  const me = pane.users.get(pane.me);
  return h("div", { class: "member" },
    avatar(me, me?.real_name || me?.name, "small"),
    h("select", { "aria-label": t("acting_as"), title: t("acting_as"), "data-testid": "member-slack", value: pane.me, onchange: (event) => become(event.target.value) },
      pane.snap.users.filter((user) => !user.is_bot).map((user) => h("option", { value: user.id, key: user.id }, user.real_name || user.name))),
    h("select", { class: "locale", "aria-label": t("locale"), title: t("locale"), "data-testid": "locale-slack", value: pane.locale, onchange: (event) => pane.act({ act: "set_locale", locale: event.target.value }) },
      [...new Set(["fr-FR", "en-US", pane.locale])].map((locale) => h("option", { value: locale, key: locale }, locale.slice(0, 2).toUpperCase()))));
}

function become(id) {
  pane.me = id;
  memory.set("slack.me", id);
  pane.thread = null;
  pane.refresh();
}

function sidebar() {
  const { snap } = pane;
  const open = snap.channels.filter((channel) => !channel.is_archived);
  const bot = botUser();
  const global = (snap.shortcuts || []).filter((shortcut) => shortcut.type === "global");
  return h("nav", { class: cls("s-side", pane.drawer && "open"), "aria-label": t("channels") },
    h("div", { class: "s-team" }, h("strong", null, snap.team.name), h("button", { type: "button", class: "plain drawer-close", "aria-label": t("close"), onclick: () => { pane.drawer = false; redraw(); } }, icon("close"))),
    memberPicker(),
    h("div", { class: "s-lists" },
      h("h3", null, pane.french ? "Canaux" : "Channels"), h("ul", null, open.filter((channel) => !channel.is_im).map(channelRow)),
      h("h3", null, pane.french ? "Messages directs" : "Direct messages"), h("ul", null, open.filter((channel) => channel.is_im && channel.user !== bot?.id).map(channelRow)),
      h("h3", null, t("apps")), bot ? h("ul", null, appRow(bot)) : null,
      global.length ? h("button", { type: "button", class: "s-channel s-shortcuts", onclick: (event) => pick({ anchor: event.currentTarget, title: pane.french ? "Raccourcis" : "Shortcuts", theme: "slack", options: global.map((shortcut) => ({ value: shortcut.callback_id, label: shortcut.name, icon: "bolt" })), onPick: (callback_id) => pane.act({ act: "global_shortcut", callback_id }) }) }, icon("bolt"), h("span", { class: "name" }, pane.french ? "Raccourcis" : "Shortcuts")) : null));
}

function appRow(bot) {
  const im = imWithBot();
  const count = im && im.id !== pane.channel ? unread(im) : 0;
  const name = bot.real_name || bot.name;
  return h("li", null, h("button", { type: "button", class: cls("s-channel", ((im && im.id === pane.channel) || pane.tab === "home") && "active", count && "unread"), "data-testid": `channel-${bot.name}`, onclick: () => openApp("messages") },
    avatar(bot, name, "tiny"), h("span", { class: "name" }, name), count ? h("span", { class: "badge" }, count) : null));
}

const complete = (inThread) => (text, caret) => {
  const { snap } = pane;
  const command = text.match(/^(\/\S*)(\s[\s\S]*)?$/);
  if (command) {
    const known = snap.commands || [];
    if (command[2] === undefined) {
      return { items: known.filter((one) => one.command.startsWith(command[1].toLowerCase())).slice(0, 20).map((one) => ({ name: one.command.slice(1), label: one.command, usage: one.usage_hint, detail: one.description, from: 0, insert: `${one.command} ` })) };
    }
    const exact = known.find((one) => one.command === command[1]);
    const at = completeWords(text, caret);
    if (at.items.length) return at;
    return exact ? { hint: { label: exact.command, usage: exact.usage_hint, detail: inThread ? null : exact.description } } : {};
  }
  return completeWords(text, caret);
};

function completeWords(text, caret) {
  const { snap } = pane;
  const at = wordBehind("@", text, caret);
  if (at) return { items: snap.users.filter((user) => `${user.name} ${user.real_name}`.toLowerCase().includes(at.word)).slice(0, COMPLETIONS_MAX).map((user) => ({ name: user.name, label: user.real_name || user.name, detail: `@${user.name}`, from: at.from, insert: `@${user.name} ` })) };
  const hash = wordBehind("#", text, caret);
  if (hash) return { items: snap.channels.filter((channel) => !channel.is_im && channel.name.includes(hash.word)).slice(0, COMPLETIONS_MAX).map((channel) => ({ name: channel.name, label: `#${channel.name}`, from: hash.from, insert: `#${channel.name} ` })) };
  const colon = wordBehind(":", text, caret);
  if (colon && colon.word.length >= 2) return { items: findEmoji(colon.word, COMPLETIONS_MAX).map((name) => ({ name, label: `${emoji(name)} :${name}:`, from: colon.from, insert: `:${name}: ` })) };
  return { items: [] };
}

async function send(text, thread) {
  pane.atEnd[thread ? "thread" : "list"] = true;
  const inThread = thread ? { thread_ts: thread } : {};
  const body = text.startsWith("/") ? { act: "slash", channel: pane.channel, text, ...inThread } : { act: "post", channel: pane.channel, text, ...inThread };
  return (await pane.act(body)).ok;
}

function scroller(which, key) {
  return {
    role: "log", "aria-live": "polite", tabindex: "0", key,
    onscroll: (event) => { const el = event.target; pane.atEnd[which] = el.scrollHeight - el.scrollTop - el.clientHeight < 40; },
    hook: (el, fresh) => { if (fresh || pane.atEnd[which]) el.scrollTop = el.scrollHeight; },
  };
}

function toasts() {
  return h("div", { class: "pane-toasts", role: "status" }, (pane.snap.toasts || []).slice(-3).map((toast) => h("div", { class: "pane-toast", key: String(toast.id), "data-testid": "toast-slack" }, h("span", null, emojis(toast.text)), h("button", { type: "button", class: "plain", "aria-label": t("close"), onclick: () => pane.act({ act: "dismiss_toast", id: toast.id }) }, icon("close")))));
}

function mainArea() {
  const channel = pane.channels.get(pane.channel);
  const bot = botUser();
  const isApp = pane.tab === "home" || (channel?.is_im && channel.user === bot?.id);
  const peer = channel?.is_im ? pane.users.get(channel.user) : null;
  const name = isApp ? bot?.real_name || bot?.name : peer ? peer.real_name || peer.name : channel?.name || "";
  const all = pane.snap.messages[pane.channel] || [];
  const shown = all.filter((message) => !message.thread_ts || message.thread_ts === message.ts || message.broadcast).slice(-SHOWN_MAX);
  const member = !channel || channel.is_im || (channel.members || []).includes(pane.me);
  return h("div", { class: "s-main" },
    h("header", { class: "s-head" }, h("button", { type: "button", class: "plain drawer-open", "aria-label": t("show_channels"), onclick: () => { pane.drawer = true; redraw(); } }, icon("menu")),
      h("h2", null, isApp || peer ? avatar(isApp ? bot : peer, name, "tiny") : icon(channel?.is_private ? "lock" : "hash"), h("span", null, name)),
      channel?.topic && !isApp ? h("span", { class: "s-topic", title: channel.topic }, emojis(channel.topic)) : null,
      channel && !channel.is_im && pane.tab !== "home" ? h("span", { class: "s-members" }, icon("people"), (channel.members || []).length) : null),
    isApp ? h("div", { class: "s-tabs", role: "tablist" }, [["home", pane.french ? "Accueil" : "Home"], ["messages", "Messages"]].map(([id, label]) => h("button", { type: "button", role: "tab", "aria-selected": pane.tab === id ? "true" : "false", "data-testid": `app-${id}`, onclick: () => openApp(id) }, label))) : null,
    pane.tab === "home" ? home() : [
      h("div", { class: "s-messages", ...scroller("list", `list-${pane.channel}`) }, h("div", { class: "s-spring" }), messageList(shown, pane, false)),
      toasts(),
      !member ? h("div", { class: "s-join" }, h("span", null, `#${channel.name}`), h("button", { type: "button", class: "s-button primary", onclick: () => pane.act({ act: "join", channel: channel.id }) }, pane.french ? "Rejoindre le canal" : "Join channel")) :
        composer({ key: `slack-${pane.me}-${pane.channel}`, testid: "composer-slack", label: pane.french ? `Envoyer un message ${peer || isApp ? "à " : "dans #"}${name}` : `Message ${peer || isApp ? "" : "#"}${name}`, send: (text) => send(text), complete: complete(false) }),
    ]);
}

function home() {
  const view = pane.snap.home;
  const scopeOf = (block) => pane.scope({ view_id: view.id || view.view_id }, `home/${block.block_id}`, block.block_id);
  return h("div", { class: "s-home", key: "home", "data-testid": "home-slack", tabindex: "0" }, view ? blocks(view.blocks, scopeOf) : h("p", { class: "empty" }, pane.french ? "Rien ici pour l’instant." : "Nothing here yet."), toasts());
}

function threadArea() {
  if (!pane.thread || pane.tab === "home") return null;
  const all = pane.snap.messages[pane.channel] || [];
  const shown = all.filter((message) => message.ts === pane.thread || message.thread_ts === pane.thread);
  const channel = pane.channels.get(pane.channel);
  const close = () => { pane.thread = null; redraw(); };
  return h("aside", { class: "s-thread", key: `thread-${pane.thread}`, "aria-label": "Thread", "data-testid": "thread-slack" },
    h("header", { class: "s-head" }, h("h2", null, pane.french ? "Fil" : "Thread"), h("span", { class: "s-topic" }, channel?.is_im ? "" : `#${channel?.name}`), h("button", { type: "button", class: "plain", "aria-label": t("close"), "data-testid": "thread-close", onclick: close }, icon("close"))),
    h("div", { class: "s-messages", ...scroller("thread", "thread-list") }, messageList(shown, pane, true)),
    composer({ key: `slack-${pane.me}-${pane.channel}-${pane.thread}`, testid: "composer-slack-thread", label: pane.french ? "Répondre…" : "Reply…", send: (text) => send(text, pane.thread), complete: complete(true), onEscape: close }));
}

/** The whole pane. */
export function slackView() {
  if (!pane.snap) return h("section", { class: "pane slack", key: "slack", "data-testid": "pane-slack", "aria-label": "Slack" }, h("p", { class: "empty" }, pane.error ? t("not_answered", { error: pane.error }) : t("loading")));
  if (pane.tab !== "home") markSeen();
  return h("section", { class: cls("pane slack", pane.thread && "with-thread"), key: "slack", "data-testid": "pane-slack", "aria-label": "Slack", lang: pane.locale.slice(0, 2) },
    pane.drawer ? h("div", { class: "drawer-shade", key: "shade", onclick: () => { pane.drawer = false; redraw(); } }) : null,
    sidebar(), mainArea(), threadArea(), slackModal(pane.snap, pane.scope({}, "modal", ""), pane.act));
}
