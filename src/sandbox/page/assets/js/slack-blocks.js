// Block Kit: the blocks of messages, of the Home tab and of modals.

import { cls, h, link, safeUrl } from "./dom.js";
import { icon } from "./icons.js";
import { element } from "./slack-elements.js";
import { mrkdwn, plain, richText, textObject } from "./mrkdwn.js";

const FIELDS_LONG = 240;

/** All blocks of a surface. `scopeOf(block)` gives the scope for its elements, see slack-elements.js. */
export function blocks(list, scopeOf) {
  return (list || []).map((block, at) => h("div", { class: cls("s-block", `s-block-${block.type}`), key: block.block_id || `block-${at}` }, one(block, scopeOf(block))));
}

function one(block, scope) {
  const { ctx } = scope;
  switch (block.type) {
    case "header": return h("h3", { class: "s-header" }, textObject(block.text, ctx));
    case "section": return section(block, scope);
    case "context": return h("div", { class: "s-context" }, (block.elements || []).map((part) => (part.type === "image" ? h("img", { src: safeUrl(part.image_url) || null, alt: part.alt_text || "" }) : h("span", null, textObject(part, ctx)))));
    case "divider": return h("hr", { class: "s-divider" });
    case "actions": return h("div", { class: "s-actions" }, (block.elements || []).map((part) => element(part, scope)));
    case "image": return picture(block, ctx);
    case "rich_text": return richText(block, ctx);
    case "markdown": return h("div", null, mrkdwn((block.text || "").replace(/\*\*(.+?)\*\*/g, "*$1*"), ctx));
    case "video": return link(block.title_url || block.video_url, plain(block.title), "s-link");
    case "input": return input(block, scope);
    case "table": return table(block, ctx);
    default: return h("span", { class: "s-unknown" }, `[${block.type}]`);
  }
}

function section(block, scope) {
  const { ctx } = scope;
  return h("div", { class: "s-section" },
    h("div", { class: "s-section-main" },
      block.text ? h("div", { class: "s-text" }, textObject(block.text, ctx)) : null,
      block.fields ? h("div", { class: cls("s-fields", block.fields.some((field) => field.text.length > FIELDS_LONG) && "long") }, block.fields.map((field) => h("div", null, textObject(field, ctx)))) : null),
    block.accessory ? h("div", { class: "s-section-side" }, element(block.accessory, scope)) : null);
}

function picture(block, ctx) {
  const address = safeUrl(block.image_url || block.slack_file?.url || "");
  return h("figure", { class: "s-image" },
    block.title ? h("figcaption", null, textObject(block.title, ctx)) : null,
    address ? h("img", { src: address, alt: block.alt_text || "", loading: "lazy" }) : h("span", { class: "s-unknown" }, icon("image"), block.alt_text || ""));
}

function table(block, ctx) {
  return h("div", { class: "s-table" }, h("table", null, h("tbody", null, (block.rows || []).map((row) => h("tr", null, row.map((cell) => h("td", null, cell.type === "rich_text" ? richText(cell, ctx) : plain(cell))))))));
}

function input(block, scope) {
  const label = plain(block.label);
  const error = scope.errorOf?.(block.block_id);
  return h("div", { class: cls("s-input-block", error && "wrong"), "data-testid": `input-block-${block.block_id}` },
    h("div", { class: "s-label" }, label, block.optional ? h("span", { class: "s-optional" }, ` (${scope.ctx.locale.startsWith("fr") ? "facultatif" : "optional"})`) : null),
    element(block.element, { ...scope, label, dispatch: block.dispatch_action }),
    error ? h("div", { class: "s-error", role: "alert" }, error) : null,
    block.hint ? h("div", { class: "s-hint" }, textObject(block.hint, scope.ctx)) : null);
}

/** Older attachments: a coloured bar, a title, fields; or blocks inside. */
export function attachment(one_, scopeOf) {
  const { ctx } = scopeOf({});
  const markup = one_.mrkdwn_in || ["text", "pretext", "fields"];
  const words = (name, text) => (text ? (markup.includes(name) ? mrkdwn(text, ctx) : plain(text)) : null);
  return h("div", { class: "s-attachment-wrap" },
    one_.pretext ? h("div", { class: "s-text" }, words("pretext", one_.pretext)) : null,
    h("div", { class: "s-attachment", style: { "--bar": colorOf(one_.color) } },
      one_.author_name ? h("div", { class: "s-att-author" }, plain(one_.author_name)) : null,
      one_.title ? h("div", { class: "s-att-title" }, one_.title_link ? link(one_.title_link, plain(one_.title), "s-link") : plain(one_.title)) : null,
      one_.text ? h("div", { class: "s-text" }, words("text", one_.text)) : null,
      one_.blocks ? blocks(one_.blocks, scopeOf) : null,
      one_.fields?.length ? h("div", { class: "s-fields" }, one_.fields.map((field) => h("div", { class: field.short ? null : "wide" }, h("strong", null, plain(field.title)), h("br"), words("fields", field.value)))) : null,
      one_.image_url && safeUrl(one_.image_url) ? h("img", { class: "s-att-image", src: safeUrl(one_.image_url), alt: one_.fallback || "" }) : null,
      one_.footer ? h("div", { class: "s-att-footer" }, plain(one_.footer)) : null,
      !one_.text && !one_.blocks && !one_.title && !one_.fields && one_.fallback ? h("div", { class: "s-text" }, plain(one_.fallback)) : null));
}

const NAMED = { good: "#2eb886", warning: "#daa038", danger: "#a30200" };

function colorOf(color) {
  if (!color) return "#ddd";
  return NAMED[color] || (/^#?[0-9a-f]{6}$/i.test(color) ? `#${color.replace("#", "")}` : "#ddd");
}
