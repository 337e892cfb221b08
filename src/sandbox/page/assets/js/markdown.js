// Discord's markdown, read into nodes: **bold** *italic* __underline__ ~~strike~~ ||spoiler|| `code` > quote, lists, headings,
// [label](link), mentions, <t:...> times. `ctx`: {users, roles, channels, me, locale, jump}.

import { h, link, redraw } from "./dom.js";
import { clockTime, custom, relative } from "./time.js";

/** A whole message or field. */
export function markdown(text, ctx) {
  const pieces = String(text ?? "").split("```");
  if (pieces.length % 2 === 0) {
    const last = pieces.pop();
    pieces.push(`${pieces.pop()}\`\`\`${last}`);
  }
  return pieces.flatMap((piece, at) => {
    if (at % 2 === 0) return blockLines(piece, ctx);
    const code = piece.replace(/^[a-z0-9+-]*\n/i, "").replace(/\n$/, "");
    return [h("pre", { class: "d-pre" }, code)];
  });
}

function blockLines(text, ctx) {
  const nodes = [];
  const all = text.split("\n");
  let open = false;
  const put = (node) => {
    nodes.push(node);
    open = false;
  };
  for (let at = 0; at < all.length; at += 1) {
    const line = all[at];
    const rest = line.match(/^>>> ([\s\S]*)$/);
    if (rest) {
      put(h("blockquote", { class: "d-quote" }, blockLines([rest[1], ...all.slice(at + 1)].join("\n"), ctx)));
      break;
    }
    if (/^> /.test(line) || line === ">") {
      const quote = [];
      while (at < all.length && (/^> /.test(all[at]) || all[at] === ">")) {
        quote.push(all[at].slice(2));
        at += 1;
      }
      at -= 1;
      put(h("blockquote", { class: "d-quote" }, quote.map((one, index) => [index ? h("br") : null, inline(one, ctx)])));
      continue;
    }
    const heading = line.match(/^(#{1,3}|-#) (.+)$/);
    if (heading) {
      put(h(heading[1] === "-#" ? "small" : "h4", { class: heading[1] === "-#" ? "d-small" : `d-heading h${heading[1].length}` }, inline(heading[2], ctx)));
      continue;
    }
    const item = line.match(/^(\s*)(?:[-*]|\d+\.) (.+)$/);
    if (item) {
      put(h("div", { class: `d-item${item[1].length ? " deep" : ""}` }, /^\s*\d/.test(line) ? `${line.trim().split(" ")[0]} ` : "• ", inline(item[2], ctx)));
      continue;
    }
    if (open) nodes.push(h("br"));
    nodes.push(...inline(line, ctx));
    open = true;
  }
  return nodes;
}

const MARKS = [["||", "spoiler"], ["**", "strong"], ["__", "u"], ["~~", "s"], ["*", "em"], ["_", "em"]];
const REFERENCE = /^<(?:@!?(\d+)|@&(\d+)|#(\d+)|t:(-?\d+)(?::([tTdDfFR]))?|a?:(\w+):\d+|\/([^:>]+):\d+|(https?:\/\/[^\s>]+))>/;

function inline(text, ctx) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    if (plain) nodes.push(plain);
    plain = "";
  };
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const step = escape(rest) || code(rest) || referenceStep(rest, ctx) || named(rest, ctx) || bare(rest, text[at - 1]) || styled(rest, text[at - 1], ctx);
    if (step && step.text !== undefined) {
      plain += step.text;
      at += step.length;
    } else if (step) {
      flush();
      nodes.push(step.node);
      at += step.length;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

const escape = (rest) => (/^\\[\\*_~`|>#<[\]()@:-]/.test(rest) ? { text: rest[1], length: 2 } : null);

function code(rest) {
  const found = rest.match(/^(`{1,2})([^`]|[^`][\s\S]*?[^`])\1(?!`)/);
  return found ? { node: h("code", { class: "d-code" }, found[2]), length: found[0].length } : null;
}

function named(rest, ctx) {
  const found = rest.match(/^\[([^\]]+)\]\(<?(https?:\/\/[^\s)>]+)>?(?: "[^"]*")?\)/);
  return found ? { node: anchor(found[2], inline(found[1], ctx), ctx), length: found[0].length } : null;
}

function bare(rest, before) {
  if (before && /\w/.test(before)) return null;
  const loud = rest.match(/^@(everyone|here)\b/);
  if (loud) return { node: h("span", { class: "d-mention loud" }, loud[0]), length: loud[0].length };
  const found = rest.match(/^https?:\/\/[^\s<>]+[^\s<>.,:;"'\])!?]/);
  return found ? { node: anchor(found[0], found[0], null), length: found[0].length } : null;
}

function styled(rest, before, ctx) {
  for (const [sign, kind] of MARKS) {
    if (!rest.startsWith(sign)) continue;
    if (sign === "_" && before && /\w/.test(before)) continue;
    const end = rest.indexOf(sign, sign.length + 1);
    if (end < 0 || /\s/.test(rest[sign.length]) || (sign.length === 1 && /\s/.test(rest[end - 1]))) continue;
    if (sign === "_" && /\w/.test(rest[end + 1] || "")) continue;
    let close = end;
    // "***both***": the inner pair belongs to the outer one.
    while (sign.length === 2 && rest[close + 2] === sign[0]) close += 1;
    const inner = inline(rest.slice(sign.length, close), ctx);
    const node = kind === "spoiler" ? spoiler(inner) : h(kind, null, inner);
    return { node, length: close + sign.length };
  }
  return null;
}

function spoiler(inner) {
  const reveal = (event) => event.currentTarget.classList.add("shown");
  return h("span", { class: "d-spoiler", role: "button", tabindex: "0", "aria-label": "Spoiler", onclick: reveal, onkeydown: (event) => { if (event.key === "Enter") reveal(event); } }, inner);
}

function referenceStep(rest, ctx) {
  const found = rest.match(REFERENCE);
  if (!found) return null;
  const [whole, user, role, channel, seconds, style, emoji, command, address] = found;
  let node;
  if (user) node = userMention(user, ctx);
  else if (role) node = roleMention(role, ctx);
  else if (channel) node = channelMention(channel, ctx);
  else if (seconds) node = time(Number(seconds) * 1000, style, ctx);
  else if (emoji) node = h("span", { class: "d-mention" }, `:${emoji}:`);
  else if (command) node = h("span", { class: "d-mention" }, `/${command}`);
  else node = anchor(address, address, ctx);
  return { node, length: whole.length };
}

function userMention(id, ctx) {
  const user = ctx.users.get(id);
  return h("span", { class: `d-mention${id === ctx.me ? " me" : ""}` }, `@${user ? user.global_name || user.username : id}`);
}

function roleMention(id, ctx) {
  const role = ctx.roles.get(id);
  return h("span", { class: "d-mention" }, `@${role?.name || id}`);
}

function channelMention(id, ctx) {
  const channel = ctx.channels.get(id);
  return h("button", { type: "button", class: "d-mention", disabled: channel ? null : true, onclick: () => ctx.jump(id, null) }, `#${channel?.name || id}`);
}

function anchor(address, label, ctx) {
  const jump = address.match(/^https?:\/\/[^/]*\/channels\/(?:\d+|@me)\/(\d+)(?:\/(\d+))?/);
  if (jump && ctx?.channels.has(jump[1])) return h("button", { type: "button", class: "d-link", onclick: () => { ctx.jump(jump[1], jump[2] || null); redraw(); } }, label);
  return link(address, label, "d-link");
}

const TIME_STYLES = {
  t: { hour: "numeric", minute: "2-digit" }, T: { hour: "numeric", minute: "2-digit", second: "2-digit" }, d: { dateStyle: "short" }, D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" }, F: { dateStyle: "full", timeStyle: "short" },
};

function time(ms, style = "f", ctx) {
  const shown = style === "R" ? relative(ms, ctx.locale) : style === "t" ? clockTime(ms, ctx.locale) : custom(ms, ctx.locale, TIME_STYLES[style]);
  return h("time", { class: "d-time", title: custom(ms, ctx.locale, TIME_STYLES.F) }, shown);
}
