// One Discord message: author, words, embeds, components, reactions, and what one can do with it.

import { cls, h, link, redraw, safeUrl } from "./dom.js";
import { colorHex, components, picture } from "./discord-components.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { menu, pickEmoji } from "./overlay.js";
import { initials } from "./slack-message.js";
import { clockTime, dayAndTime, dayKey, longDay, nowMs } from "./time.js";
import { t } from "./words.js";

const GROUP_MS = 7 * 60_000;
const EPHEMERAL = 64;
const LOADING = 128;
const REACTIONS = ["🎫", "👀", "✅", "🚨", "📌", "🧊", "👍", "❤️", "🎉", "🙏", "😂", "🔥"];

export const msOf = (message) => Date.parse(message.timestamp);

/** The round picture of a member. */
export function avatar(user, className) {
  return h("span", { class: cls("d-avatar", className), style: { "--avatar": colorHex(user?.color || (user?.bot ? 0x5865f2 : 0x747f8d)) }, "aria-hidden": "true" }, initials(user?.global_name || user?.username));
}

const nameOf = (user) => user?.global_name || user?.username || "?";

/** The list of messages with days and groups. */
export function messageList(messages, pane) {
  const nodes = [];
  let before = null;
  let day = null;
  for (const message of messages) {
    const ms = msOf(message);
    const today = longDay(ms, pane.locale);
    if (today !== day) nodes.push(h("div", { class: "d-day", key: `day-${today}` }, h("span", null, today)));
    const grouped = before && today === day && before.author.id === message.author.id && before.author.username === message.author.username && !message.message_reference && !interactionOf(message) && ms - msOf(before) < GROUP_MS;
    nodes.push(isSystem(message) ? system(message, pane) : one(message, pane, grouped));
    before = isSystem(message) ? null : message;
    day = today;
  }
  return nodes;
}

const interactionOf = (message) => message.interaction_metadata || message.interaction;

/** Message types that are notices of Discord itself. */
const SYSTEM = { 6: ["pinned a message to this channel.", "a épinglé un message dans ce salon."], 7: ["joined the server.", "a rejoint le serveur."], 18: ["started a thread:", "a commencé un fil :"], 21: ["Start of the thread", "Début du fil"] };

const isSystem = (message) => message.type in SYSTEM;

function system(message, pane) {
  const words = SYSTEM[message.type][pane.french ? 1 : 0];
  return h("div", { class: "d-system", key: message.id, "data-testid": `message-${message.id}` }, icon(message.type === 6 ? "pin" : "thread"), h("span", null, h("strong", null, nameOf(pane.users.get(message.author.id) || message.author)), ` ${words} `, message.content ? h("strong", null, message.content) : null));
}

function when(ms, pane) {
  return dayKey(ms) === dayKey(nowMs()) ? clockTime(ms, pane.locale) : dayAndTime(ms, pane.locale);
}

function one(message, pane, grouped) {
  const author = message.webhook_id ? message.author : pane.users.get(message.author.id) || message.author;
  const ms = msOf(message);
  const hidden = message.ephemeral || (message.flags & EPHEMERAL) !== 0;
  const isBot = message.author.bot || message.webhook_id;
  const mentionsMe = !hidden && (message.mentions || []).some((user) => user.id === pane.me);
  return h("div", { class: cls("d-message", grouped && "grouped", hidden && "ephemeral", mentionsMe && "mentioned", pane.flash === message.id && "flash"), key: message.id, "data-testid": `message-${message.id}`, tabindex: "-1" },
    replied(message, pane),
    grouped ? h("time", { class: "d-side-time" }, clockTime(ms, pane.locale)) : avatar(author),
    h("div", { class: "d-message-main" },
      grouped ? null : h("div", { class: "d-message-head" }, h("strong", null, nameOf(author)), isBot ? h("span", { class: "d-app" }, "APP") : null, h("time", { title: dayAndTime(ms, pane.locale) }, when(ms, pane)), message.pinned ? icon("pin") : null),
      pane.editing === message.id ? editor(message, pane) : content(message, pane),
      (message.embeds || []).map((embed) => embedView(embed, pane)),
      (message.attachments || []).map((file) => attachment(file)),
      components(message.components, message, pane),
      reactions(message, pane),
      threadLink(message, pane),
      hidden ? h("div", { class: "d-private" }, icon("eye"), h("span", null, pane.french ? "Vous seul pouvez voir ceci" : "Only you can see this"), " · ", h("button", { type: "button", class: "d-link", "data-testid": "dismiss-ephemeral", onclick: () => pane.dismiss(message.id) }, pane.french ? "Supprimer" : "Dismiss message")) : null),
    hidden ? null : tools(message, pane));
}

function replied(message, pane) {
  const interaction = interactionOf(message);
  const original = message.referenced_message;
  if (interaction && (interaction.type === 2 || interaction.name)) {
    const user = interaction.user ? pane.users.get(interaction.user.id) || interaction.user : null;
    return h("div", { class: "d-reference" }, avatar(user, "tiny"), h("strong", null, nameOf(user)), pane.french ? " a utilisé " : " used ", h("span", { class: "d-mention" }, `/${interaction.name || interaction.command_name || "…"}`));
  }
  if (!original) return null;
  const author = pane.users.get(original.author?.id) || original.author;
  return h("button", { type: "button", class: "d-reference", onclick: () => pane.jump(original.channel_id || message.channel_id, original.id) }, avatar(author, "tiny"), h("strong", null, nameOf(author)), h("span", { class: "cut" }, original.content || (pane.french ? "Cliquez pour voir la pièce jointe" : "Click to see attachment")));
}

function content(message, pane) {
  if ((message.flags & LOADING) !== 0) return h("div", { class: "d-thinking" }, h("span", { class: "dots", "aria-hidden": "true" }), pane.french ? "Vigie réfléchit…" : `${nameOf(message.author)} is thinking…`);
  if (!message.content) return null;
  return h("div", { class: "d-text" }, markdown(message.content, pane.ctx), message.edited_timestamp ? h("span", { class: "d-edited" }, pane.french ? " (modifié)" : " (edited)") : null);
}

function embedView(embed, pane) {
  const { ctx } = pane;
  return h("article", { class: "d-embed", style: { "--bar": colorHex(embed.color) } },
    h("div", { class: "d-embed-main" },
      embed.author ? h("div", { class: "d-embed-author" }, embed.author.url ? link(embed.author.url, embed.author.name) : embed.author.name) : null,
      embed.title ? h("div", { class: "d-embed-title" }, embed.url ? link(embed.url, markdown(embed.title, ctx), "d-link") : markdown(embed.title, ctx)) : null,
      embed.description ? h("div", { class: "d-text" }, markdown(embed.description, ctx)) : null,
      embed.fields?.length ? h("div", { class: "d-fields" }, embed.fields.map((field) => h("div", { class: cls("d-field", field.inline && "inline") }, h("div", { class: "d-field-name" }, markdown(field.name, ctx)), h("div", { class: "d-text" }, markdown(field.value, ctx))))) : null,
      embed.image ? picture(embed.image.url, "") : null,
      embed.footer || embed.timestamp ? h("div", { class: "d-embed-footer" }, [embed.footer?.text, embed.timestamp ? dayAndTime(Date.parse(embed.timestamp), pane.locale) : null].filter(Boolean).join(" • ")) : null),
    embed.thumbnail ? h("div", { class: "d-thumbnail" }, picture(embed.thumbnail.url, "")) : null);
}

function attachment(file) {
  if ((file.content_type || "").startsWith("image/") && safeUrl(file.url)) return picture(file.url, file.description || file.filename);
  return h("a", { class: "d-file", href: safeUrl(file.url || ""), target: "_blank", rel: "noopener noreferrer" }, icon("image"), file.filename);
}

function reactions(message, pane) {
  if (!message.reactions?.length) return null;
  return h("div", { class: "d-reactions" }, message.reactions.map((reaction) => {
    const glyph = reaction.emoji.name;
    const mine = reaction.me || (reaction.users || []).includes(pane.me);
    return h("button", { type: "button", key: glyph, class: cls("d-reaction", mine && "mine"), "aria-pressed": mine ? "true" : "false", "aria-label": `${glyph} ${reaction.count}`, "data-testid": `reaction-${glyph}`, onclick: () => pane.react(message, glyph, mine) }, h("span", { class: "emoji" }, glyph), h("span", null, reaction.count));
  }));
}

function threadLink(message, pane) {
  const thread = message.thread && (pane.channels.get(message.thread.id) || message.thread);
  if (!thread) return null;
  const count = (pane.snap.messages[thread.id] || []).filter((one_) => !isSystem(one_)).length;
  return h("button", { type: "button", class: "d-thread-link", "data-testid": `thread-${thread.id}`, onclick: () => pane.open(thread.id) }, h("strong", null, thread.name), h("span", null, pane.french ? `${count} message${count > 1 ? "s" : ""} ›` : `${count} message${count === 1 ? "" : "s"} ›`));
}

function editor(message, pane) {
  const cancel = () => { pane.editing = null; redraw(); };
  return h("div", { class: "d-editor" }, h("textarea", { class: "d-input", initial: message.content, rows: 2, "aria-label": t("edit"), mounted: (el) => el.focus(), onkeydown: (event) => {
    if (event.key === "Escape") cancel();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      pane.editing = null;
      pane.act({ act: "edit", channel: message.channel_id, message: message.id, content: event.target.value });
    }
  } }), h("small", null, pane.french ? "Échap pour annuler, Entrée pour enregistrer" : "Escape to cancel, Enter to save"));
}

function reactFrom(anchor, message, pane) {
  const mine = (glyph) => message.reactions?.some((reaction) => reaction.emoji.name === glyph && (reaction.me || (reaction.users || []).includes(pane.me)));
  pickEmoji({ anchor, names: REACTIONS, glyph: (name) => name, theme: "discord", onPick: (glyph) => pane.react(message, glyph, mine(glyph)) });
}

function tools(message, pane) {
  const own = message.author.id === pane.me;
  const apps = (pane.snap.commands || []).filter((command) => command.type === 3);
  const target = { channel: message.channel_id, message: message.id };
  const more = ({ currentTarget: anchor }) => menu({ anchor, title: t("message_actions"), theme: "discord", items: [
    { id: "react", label: t("react"), icon: "smile", run: () => reactFrom(anchor, message, pane) },
    { id: "reply", label: t("reply"), icon: "reply", run: () => pane.replyTo(message) },
    { id: "pin", label: t("pin"), icon: "pin", run: () => pane.act({ act: "pin", ...target }) },
    own ? { id: "edit", label: t("edit"), icon: "edit", run: () => { pane.editing = message.id; redraw(); } } : null,
    own ? { id: "delete", label: t("remove"), icon: "trash", danger: true, run: () => pane.act({ act: "delete", ...target }) } : null,
    ...apps.map((command) => ({ id: `context-${command.name}`, label: pane.localized(command, "name"), group: t("apps"), icon: "bolt", run: () => pane.act({ act: "context", ...target, name: command.name }) })),
  ].filter(Boolean) });
  const quick = REACTIONS.slice(0, 3).map((glyph) => h("button", { type: "button", class: "tool quick", "aria-label": `${t("react")}: ${glyph}`, "data-testid": `quick-${glyph}`, onclick: () => pane.react(message, glyph, false) }, h("span", { class: "emoji" }, glyph)));
  return h("div", { class: "tools", role: "toolbar", "aria-label": t("message_actions") }, quick,
    h("button", { type: "button", class: "tool quick", "aria-label": t("react"), "data-testid": "react", onclick: (event) => reactFrom(event.currentTarget, message, pane) }, icon("smile")),
    h("button", { type: "button", class: "tool quick", "aria-label": t("reply"), "data-testid": "reply", onclick: () => pane.replyTo(message) }, icon("reply")),
    h("button", { type: "button", class: "tool", "aria-label": t("message_actions"), "aria-haspopup": "menu", "data-testid": "message-menu", onclick: more }, icon("more")));
}
