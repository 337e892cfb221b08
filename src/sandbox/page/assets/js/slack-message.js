// One Slack message: who, when, what, and what one can do with it.

import { cls, h, redraw, safeUrl } from "./dom.js";
import { DESK, MORE, emoji } from "./emoji.js";
import { icon } from "./icons.js";
import { menu, pickEmoji } from "./overlay.js";
import { attachment, blocks } from "./slack-blocks.js";
import { mrkdwn } from "./mrkdwn.js";
import { clockTime, dayAndTime, longDay } from "./time.js";
import { t } from "./words.js";

/** Messages of one person within this time stand under one name. */
const GROUP_MS = 5 * 60_000;
const GLYPH = (name) => emoji(name) || `:${name}:`;

export const msOf = (ts) => Math.floor(Number(ts) * 1000);

/** Colours of avatars, as the snapshot gives them. */
export function colorOf(user) {
  const { color } = user || {};
  if (typeof color === "number") return `#${color.toString(16).padStart(6, "0")}`;
  if (typeof color === "string" && /^#?[0-9a-f]{6}$/i.test(color)) return `#${color.replace("#", "")}`;
  return "#616061";
}

export function initials(name) {
  const words = String(name || "?").replace(/^[@#]/, "").split(/[\s._-]+/).filter(Boolean);
  return (words.length > 1 ? words[0][0] + words[words.length - 1][0] : (words[0] || "?").slice(0, 1)).toUpperCase();
}

export function avatar(user, name, className) {
  return h("span", { class: cls("s-avatar", className, user?.is_bot && "bot"), style: { "--avatar": colorOf(user) }, "aria-hidden": "true" }, initials(name));
}

/** Who a message is from: {user, name, isApp}. */
export function authorOf(message, pane) {
  const user = pane.users.get(message.user);
  const name = message.username && message.bot_id ? message.username : user?.real_name || user?.name || message.username || message.user || "?";
  return { user: user || { is_bot: Boolean(message.bot_id), color: message.bot_id ? "4a154b" : "616061" }, name, isApp: Boolean(message.bot_id) || Boolean(user?.is_bot) };
}

/** The list of messages, with days and groups. `inThread` leaves out what only the channel shows. */
export function messageList(messages, pane, inThread) {
  const nodes = [];
  let day = null;
  let before = null;
  for (const message of messages) {
    const ms = msOf(message.ts);
    const today = longDay(ms, pane.locale);
    if (today !== day && !inThread) nodes.push(h("div", { class: "s-day", key: `day-${today}` }, h("span", null, today)));
    const grouped = before && day === today && !before.ephemeral && !message.ephemeral && before.user === message.user && before.username === message.username && !before.reply_count && ms - msOf(before.ts) < GROUP_MS;
    day = today;
    nodes.push(one(message, pane, inThread, grouped));
    before = message;
  }
  return nodes;
}

function one(message, pane, inThread, grouped) {
  const { user, name, isApp } = authorOf(message, pane);
  const ms = msOf(message.ts);
  const ephemeral = message.ephemeral;
  const testid = `${inThread ? "thread-" : ""}message-${message.ts}`;
  return h("div", { class: cls("s-message", grouped && "grouped", ephemeral && "ephemeral", message.pinned && "pinned", pane.flash === message.ts && "flash"), key: message.ts + (ephemeral ? "e" : ""), "data-testid": testid, "data-ts": message.ts, tabindex: "-1" },
    grouped ? h("time", { class: "s-side-time" }, clockTime(ms, pane.locale)) : avatar(user, name),
    h("div", { class: "s-message-main" },
      message.pinned ? h("div", { class: "s-flag" }, icon("pin"), pane.french ? "Épinglé" : "Pinned") : null,
      ephemeral ? h("div", { class: "s-flag" }, icon("eye"), pane.french ? "Visible par vous seul" : "Only visible to you") : null,
      grouped ? null : h("div", { class: "s-message-head" }, h("strong", null, name), isApp ? h("span", { class: "s-app" }, "APP") : null, h("time", { title: dayAndTime(ms, pane.locale) }, clockTime(ms, pane.locale))),
      pane.editing === message.ts ? editor(message, pane) : content(message, pane),
      reactions(message, pane),
      !inThread && message.reply_count > 0 ? h("button", { type: "button", class: "s-replies", "data-testid": `thread-${message.ts}`, onclick: () => pane.openThread(message.ts) },
        icon("thread"), pane.french ? `${message.reply_count} réponse${message.reply_count > 1 ? "s" : ""}` : `${message.reply_count} ${message.reply_count > 1 ? "replies" : "reply"}`, h("span", null, pane.french ? "Voir le fil" : "View thread")) : null),
    ephemeral ? null : tools(message, pane, inThread));
}

function content(message, pane) {
  const scopeOf = (block) => pane.scope({ channel: pane.channel, ts: message.ts }, `${message.ts}/${block.block_id}`, block.block_id);
  const edited = message.edited ? h("span", { class: "s-edited" }, pane.french ? " (modifié)" : " (edited)") : null;
  return h("div", { class: "s-content" },
    message.blocks?.length ? [blocks(message.blocks, scopeOf), edited] : message.text ? h("div", { class: "s-text" }, mrkdwn(message.text, pane.ctx), edited) : null,
    (message.attachments || []).map((one_) => attachment(one_, scopeOf)),
    (message.files || []).map(file));
}

function file(one_) {
  const address = safeUrl(one_.url);
  if (address && (one_.mimetype || "").startsWith("image/")) return h("figure", { class: "s-image" }, h("figcaption", null, one_.name), h("img", { src: address, alt: one_.alt || one_.name, loading: "lazy" }));
  return h("a", { class: "s-file", href: address, target: "_blank", rel: "noopener noreferrer" }, icon("image"), h("span", null, h("strong", null, one_.name), h("small", null, one_.mimetype || "")));
}

function editor(message, pane) {
  const save = async (text) => {
    pane.editing = null;
    redraw();
    await pane.act({ act: "edit", channel: pane.channel, ts: message.ts, text });
  };
  const cancel = () => { pane.editing = null; redraw(); };
  return h("form", { class: "s-editor", onsubmit: (event) => { event.preventDefault(); save(event.currentTarget.querySelector("textarea").value); } },
    h("textarea", { class: "s-input", initial: message.text, rows: 2, "aria-label": t("edit"), mounted: (el) => el.focus(), onkeydown: (event) => {
      if (event.key === "Escape") cancel();
      else if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); save(event.target.value); }
    } }),
    h("div", null, h("button", { type: "button", class: "s-button", onclick: cancel }, t("cancel")), h("button", { type: "submit", class: "s-button primary" }, t("save"))));
}

function reactions(message, pane) {
  if (!message.reactions?.length) return null;
  return h("div", { class: "s-reactions" }, message.reactions.map((reaction) => {
    const mine = reaction.users.includes(pane.me);
    const who = reaction.users.map((id) => pane.users.get(id)?.real_name || pane.users.get(id)?.name || id).join(", ");
    return h("button", { type: "button", key: reaction.name, class: cls("s-reaction", mine && "mine"), "aria-pressed": mine ? "true" : "false", title: `${who} :${reaction.name}:`, "aria-label": `${reaction.name.replace(/_/g, " ")}: ${who}`, "data-testid": `reaction-${reaction.name}`, onclick: () => pane.react(message, reaction.name, mine) },
      h("span", { class: "emoji" }, GLYPH(reaction.name)), h("span", null, reaction.users.length));
  }), h("button", { type: "button", class: "s-reaction add", "aria-label": t("react"), onclick: (event) => reactFrom(event.currentTarget, message, pane) }, icon("smile")));
}

function reactFrom(anchor, message, pane) {
  const mine = (name) => message.reactions?.find((reaction) => reaction.name === name)?.users.includes(pane.me);
  pickEmoji({ anchor, names: [...DESK, ...MORE], glyph: GLYPH, theme: "slack", onPick: (name) => pane.react(message, name, mine(name)) });
}

function tools(message, pane, inThread) {
  const { ts } = message;
  const own = message.user === pane.me;
  const shortcuts = (pane.snap.shortcuts || []).filter((shortcut) => shortcut.type === "message");
  const root = message.thread_ts || ts;
  const more = ({ currentTarget: anchor }) => menu({ anchor, title: t("message_actions"), theme: "slack", items: [
    { id: "react", label: t("react"), icon: "smile", run: () => reactFrom(anchor, message, pane) },
    inThread ? null : { id: "thread", label: t("reply_in_thread"), icon: "thread", run: () => pane.openThread(root) },
    { id: "pin", label: t(message.pinned ? "unpin" : "pin"), icon: "pin", run: () => pane.act({ act: message.pinned ? "unpin" : "pin", channel: pane.channel, ts }) },
    own ? { id: "edit", label: t("edit"), icon: "edit", run: () => { pane.editing = ts; redraw(); } } : null,
    own ? { id: "delete", label: t("remove"), icon: "trash", danger: true, run: () => pane.act({ act: "delete", channel: pane.channel, ts }) } : null,
    ...shortcuts.map((shortcut) => ({ id: `shortcut-${shortcut.callback_id}`, label: shortcut.name, detail: "Vigie", icon: "bolt", run: () => pane.act({ act: "message_shortcut", channel: pane.channel, ts, callback_id: shortcut.callback_id }) })),
  ].filter(Boolean) });
  const quick = DESK.slice(0, 3).map((name) => h("button", { type: "button", class: "tool quick", title: `:${name}:`, "aria-label": `${t("react")}: ${name.replace(/_/g, " ")}`, "data-testid": `quick-${name}`, onclick: () => pane.react(message, name, false) }, h("span", { class: "emoji" }, GLYPH(name))));
  return h("div", { class: "tools", role: "toolbar", "aria-label": t("message_actions") }, quick,
    h("button", { type: "button", class: "tool quick", "aria-label": t("react"), "data-testid": "react", onclick: (event) => reactFrom(event.currentTarget, message, pane) }, icon("smile")),
    inThread ? null : h("button", { type: "button", class: "tool quick", "aria-label": t("reply_in_thread"), "data-testid": "reply-in-thread", onclick: () => pane.openThread(root) }, icon("thread")),
    h("button", { type: "button", class: "tool", "aria-label": t("message_actions"), "aria-haspopup": "menu", "data-testid": "message-menu", onclick: more }, icon("more")));
}
