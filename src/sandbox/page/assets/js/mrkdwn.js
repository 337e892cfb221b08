// Slack's own markup, read into nodes: *bold* _italic_ ~strike~ `code` ```block``` > quote <link|label> <@U> <#C> <!date^...>.

import { h, link } from "./dom.js";
import { emoji } from "./emoji.js";
import { clockTime, custom, dayKey, nowMs, relative } from "./time.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

/** Undoes the three escapes of Slack texts. */
export function unescape(text) {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);
}

/** A text object or string without any markup, for places that take none. */
export function plain(textObject) {
  if (!textObject) return "";
  const text = typeof textObject === "string" ? textObject : textObject.text || "";
  return unescape(text).replace(/:([a-z0-9_+-]+):/g, (whole, name) => emoji(name) || whole);
}

/** A text object as nodes: mrkdwn is read, plain_text only gets its emoji. */
export function textObject(object, ctx) {
  if (!object) return null;
  if (object.type === "mrkdwn") return mrkdwn(object.text, ctx);
  return withBreaks(emojis(unescape(object.text || "")));
}

/** Mrkdwn as nodes. `ctx`: {users, channels, me, locale, jump}. */
export function mrkdwn(text, ctx) {
  const pieces = String(text ?? "").split("```");
  // A fence that never closes is only text.
  if (pieces.length % 2 === 0) {
    const last = pieces.pop();
    pieces.push(`${pieces.pop()}\`\`\`${last}`);
  }
  return pieces.flatMap((piece, at) => {
    if (at % 2 === 1) return [h("pre", { class: "s-pre" }, unescape(piece.replace(/^\n|\n$/g, "")))];
    return lines(piece, ctx);
  });
}

function lines(text, ctx) {
  const nodes = [];
  let quote = [];
  const endQuote = () => {
    if (quote.length) nodes.push(h("blockquote", { class: "s-quote" }, quote.map((line, at) => [at ? h("br") : null, inline(line, ctx)])));
    quote = [];
  };
  const all = text.split("\n");
  all.forEach((line, at) => {
    const quoted = line.match(/^(?:>|&gt;)(?:>>|&gt;&gt;)? ?(.*)$/);
    if (quoted) {
      quote.push(quoted[1]);
      return;
    }
    const afterQuote = quote.length > 0;
    endQuote();
    if (at > 0 && !afterQuote) nodes.push(h("br"));
    nodes.push(...inline(line, ctx));
  });
  endQuote();
  return nodes;
}

const STYLES = { "*": "strong", _: "em", "~": "s" };

function inline(text, ctx) {
  const nodes = [];
  let rest = "";
  const flush = () => {
    if (rest) nodes.push(...emojis(unescape(rest)));
    rest = "";
  };
  let at = 0;
  while (at < text.length) {
    const sign = text[at];
    if (sign === "<") {
      const end = text.indexOf(">", at);
      if (end > at + 1) {
        flush();
        nodes.push(reference(text.slice(at + 1, end), ctx));
        at = end + 1;
        continue;
      }
    } else if (sign === "`") {
      const end = text.indexOf("`", at + 1);
      if (end > at + 1) {
        flush();
        nodes.push(h("code", { class: "s-code" }, unescape(text.slice(at + 1, end))));
        at = end + 1;
        continue;
      }
    } else if (STYLES[sign]) {
      const end = closing(text, at, sign);
      if (end > 0) {
        flush();
        nodes.push(h(STYLES[sign], null, inline(text.slice(at + 1, end), ctx)));
        at = end + 1;
        continue;
      }
    }
    rest += sign;
    at += 1;
  }
  flush();
  return nodes;
}

/** Where the style that `sign` opens at `at` closes, or -1: it opens after a boundary and closes before one. */
function closing(text, at, sign) {
  const isWord = (character) => character !== undefined && /[\p{L}\p{N}]/u.test(character);
  if (isWord(text[at - 1]) || text[at + 1] === undefined || /\s/.test(text[at + 1]) || text[at + 1] === sign) return -1;
  for (let end = at + 2; end < text.length; end += 1) {
    if (text[end] === sign && !/\s/.test(text[end - 1]) && !isWord(text[end + 1])) return end;
  }
  return -1;
}

function reference(inside, ctx) {
  const cut = inside.indexOf("|");
  const target = cut < 0 ? inside : inside.slice(0, cut);
  const label = cut < 0 ? null : unescape(inside.slice(cut + 1));
  if (target.startsWith("@")) return mention(target.slice(1), ctx, label);
  if (target.startsWith("#")) return channelLink(target.slice(1), ctx, label);
  if (target.startsWith("!date^")) return date(target.split("^"), label, ctx);
  if (target.startsWith("!subteam^")) return h("span", { class: "s-mention" }, label || "@group");
  if (target.startsWith("!")) return h("span", { class: "s-mention loud" }, `@${label || target.slice(1)}`);
  const address = unescape(target);
  const jump = address.match(/^https?:\/\/[^/]*\/archives\/([A-Z0-9]+)(?:\/p(\d{10})(\d{6}))?/);
  if (jump && ctx.channels.has(jump[1])) {
    const ts = jump[2] ? `${jump[2]}.${jump[3]}` : null;
    return h("button", { type: "button", class: "s-jump", onclick: () => ctx.jump(jump[1], ts) }, label || address);
  }
  return link(address, label || address.replace(/^mailto:/, ""), "s-link");
}

function mention(id, ctx, label) {
  const user = ctx.users.get(id);
  return h("span", { class: `s-mention${id === ctx.me ? " me" : ""}` }, `@${user ? user.real_name || user.name : label || id}`);
}

function channelLink(id, ctx, label) {
  const channel = ctx.channels.get(id);
  const name = `#${channel?.name || label || id}`;
  if (!channel) return h("span", { class: "s-mention" }, name);
  return h("button", { type: "button", class: "s-jump s-mention", onclick: () => ctx.jump(id, null) }, name);
}

const DATE_TOKENS = {
  date_num: { dateStyle: "short" }, date: { dateStyle: "long" }, date_long: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  date_short: { day: "numeric", month: "short", year: "numeric" }, time: { hour: "numeric", minute: "2-digit" }, time_secs: { hour: "numeric", minute: "2-digit", second: "2-digit" },
};

function date([, seconds, format, address], fallback, ctx) {
  const ms = Number(seconds) * 1000;
  if (!Number.isFinite(ms) || !format) return h("span", null, fallback || "");
  const shown = format.replace(/\{(\w+)\}/g, (whole, token) => {
    if (token === "ago") return relative(ms, ctx.locale);
    const base = token.replace(/_pretty$/, "");
    if (!DATE_TOKENS[base]) return whole;
    if (token.endsWith("_pretty")) {
      const days = Math.round((Date.parse(dayKey(ms)) - Date.parse(dayKey(nowMs()))) / 86_400_000);
      if (Math.abs(days) <= 1) return new Intl.RelativeTimeFormat(ctx.locale, { numeric: "auto" }).format(days, "day");
    }
    return base === "time" ? clockTime(ms, ctx.locale) : custom(ms, ctx.locale, DATE_TOKENS[base]);
  });
  const title = custom(ms, ctx.locale, { dateStyle: "full", timeStyle: "short" });
  return address ? link(address, shown, "s-link") : h("time", { title, class: "s-date" }, shown);
}

/** Names between colons become characters. */
export function emojis(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(/:([a-z0-9_+-]+(?:::skin-tone-\d)?):/g)) {
    const character = emoji(found[1]);
    if (!character) continue;
    nodes.push(text.slice(from, found.index), h("span", { class: "emoji", title: found[0], role: "img", "aria-label": found[1].replace(/_/g, " ") }, character));
    from = found.index + found[0].length;
  }
  nodes.push(text.slice(from));
  return nodes;
}

function withBreaks(nodes) {
  return nodes.flatMap((node) => (typeof node === "string" ? node.split("\n").flatMap((line, at) => (at ? [h("br"), line] : [line])) : [node]));
}

/** Rich text blocks, as Slack's own composer makes them. */
export function richText(block, ctx) {
  return (block.elements || []).map((element) => {
    const parts = (element.elements || []).map((part) => richPart(part, ctx));
    if (element.type === "rich_text_list") {
      const tag = element.style === "ordered" ? "ol" : "ul";
      return h(tag, { class: `s-list indent-${element.indent || 0}` }, (element.elements || []).map((item) => h("li", null, (item.elements || []).map((part) => richPart(part, ctx)))));
    }
    if (element.type === "rich_text_quote") return h("blockquote", { class: "s-quote" }, parts);
    if (element.type === "rich_text_preformatted") return h("pre", { class: "s-pre" }, parts);
    return h("div", { class: "s-rich" }, parts);
  });
}

function richPart(part, ctx) {
  const style = part.style || {};
  let node;
  if (part.type === "text") node = h("span", null, withBreaks([part.text || ""]));
  else if (part.type === "link") node = link(part.url, part.text || part.url, "s-link");
  else if (part.type === "user") node = mention(part.user_id, ctx);
  else if (part.type === "channel") node = channelLink(part.channel_id, ctx);
  else if (part.type === "emoji") node = h("span", { class: "emoji" }, emoji(part.name) || `:${part.name}:`);
  else if (part.type === "broadcast") node = h("span", { class: "s-mention loud" }, `@${part.range}`);
  else if (part.type === "date") node = date(["", part.timestamp, part.format || "{date_short} {time}", part.url], part.fallback, ctx);
  else node = h("span", null, part.text || "");
  if (style.code) node = h("code", { class: "s-code" }, node);
  if (style.bold) node = h("strong", null, node);
  if (style.italic) node = h("em", null, node);
  if (style.strike) node = h("s", null, node);
  return node;
}
