// The customers' pane: write on a network as a customer, and see what the brand answers.

import { cls, h, redraw } from "./dom.js";
import { icon } from "./icons.js";
import { complain } from "./overlay.js";
import { PERSONAS, SAMPLES } from "./samples.js";
import { memory, read, refresher, write } from "./server.js";
import { initials } from "./slack-message.js";
import { clockTime, dayKey, dayAndTime, nowMs, setClock } from "./time.js";
import { pageLocale, t } from "./words.js";

const COLORS = { instagram: "#c13584", facebook: "#1877f2", x: "#0f1419", tiktok: "#111", mastodon: "#6364ff", google_reviews: "#b06000", bluesky: "#0a7aff", linkedin: "#0a66c2", threads: "#333", youtube: "#c4302b" };
const MARKS = { instagram: "Ig", facebook: "f", x: "X", tiktok: "Tk", mastodon: "M", google_reviews: "★", bluesky: "Bs", linkedin: "in", threads: "@", youtube: "▶" };
const REVIEWED = new Set(["google_reviews", "facebook"]);
const TEXT_MAX = 10000;

export const customers = {
  snap: null, network: memory.get("customers.network", "instagram"), persona: memory.get("customers.persona", PERSONAS[0].id), kind: "comment", text: "", parent: null, filter: "all", sample: 0, busy: false, box: null, error: null,
};
const pane = customers;
let seenAt = memory.get("customers.seen", 0);

pane.refresh = refresher(async () => {
  const answer = await read("/api/network/state");
  pane.error = answer.ok ? null : answer.error;
  if (answer.ok) {
    pane.snap = answer.body;
    setClock(answer.body.clock_ms);
  }
  redraw();
});

/** Answers of the brand that were not on screen yet. */
export function customersUnread() {
  if (!pane.snap) return 0;
  return pane.snap.threads.flatMap((thread) => thread.entries).filter((entry) => entry.from === "brand" && entry.at_ms > seenAt).length;
}

/** Everything on screen counts as seen. */
export function customersSeen() {
  const newest = Math.max(0, ...(pane.snap?.threads || []).map((thread) => thread.last_ms));
  if (newest > seenAt) {
    seenAt = newest;
    memory.set("customers.seen", seenAt);
  }
}

const labelOf = (name) => pane.snap?.networks.find((one) => one.name === name)?.label || name;
const kinds = () => ["comment", "dm", "mention", "review"].filter((kind) => kind !== "review" || REVIEWED.has(pane.network)).filter((kind) => pane.network !== "google_reviews" || kind === "review");

/** The mark of a network: letters on its colour. */
export function networkMark(name) {
  return h("span", { class: "c-mark", style: { "--mark": COLORS[name] || "#555" }, "aria-hidden": "true" }, MARKS[name] || name.slice(0, 2));
}

function count(n) {
  return new Intl.NumberFormat(pageLocale(), { notation: n >= 10000 ? "compact" : "standard" }).format(n);
}

function setNetwork(name) {
  pane.network = name;
  memory.set("customers.network", name);
  if (!kinds().includes(pane.kind)) [pane.kind] = kinds();
  redraw();
}

function fill(text) {
  pane.text = text;
  if (pane.box) pane.box.value = text;
}

function takeSample() {
  const [lang, network, kind, text] = SAMPLES[pane.sample % SAMPLES.length];
  pane.sample += 1;
  pane.parent = null;
  setNetwork(network);
  pane.kind = kind;
  const fits = PERSONAS.filter((one) => one.lang === lang);
  const special = text.includes("EARN") ? "u_spam" : text.includes("article") ? "u_gazette" : text.includes("partenariats") ? "u_ines" : null;
  pane.persona = special || fits.filter((one) => !["u_spam", "u_gazette", "u_ines"].includes(one.id))[pane.sample % 2]?.id || fits[0].id;
  fill(text);
  redraw();
}

async function send() {
  if (!pane.text.trim() || pane.busy) return;
  pane.busy = true;
  redraw();
  const persona = PERSONAS.find((one) => one.id === pane.persona) || PERSONAS[0];
  const author = pane.parent?.author || { id: persona.id, name: persona.name, followers: persona.followers };
  const result = await write("/api/network/act", { network: pane.parent?.network || pane.network, kind: pane.parent?.kind || pane.kind, author, text: pane.text, parent_id: pane.parent?.id || null });
  pane.busy = false;
  complain(result);
  if (result.ok) {
    fill("");
    pane.parent = null;
  }
  redraw();
  pane.refresh();
}

function form() {
  const networks = pane.snap?.networks || [];
  return h("form", { class: "c-form", onsubmit: (event) => { event.preventDefault(); send(); } },
    pane.parent ? h("div", { class: "c-parent" }, networkMark(pane.parent.network), h("span", null, t("cust_reply_to", { name: pane.parent.author.name })), h("button", { type: "button", class: "c-link", onclick: () => { pane.parent = null; redraw(); } }, t("cust_new"))) : [
      h("div", { class: "c-networks", role: "radiogroup", "aria-label": t("cust_network") }, networks.map((one) => h("button", { type: "button", key: one.name, role: "radio", class: cls("c-network", one.name === pane.network && "active"), "aria-checked": one.name === pane.network ? "true" : "false", "aria-label": one.label, title: one.label, "data-testid": `network-${one.name}`, onclick: () => setNetwork(one.name) }, networkMark(one.name), one.name === pane.network ? h("span", null, one.label) : null))),
      h("div", { class: "c-who" },
        h("label", null, h("span", null, t("cust_author")), h("select", { value: pane.persona, "data-testid": "customer-author", onchange: (event) => { pane.persona = event.target.value; memory.set("customers.persona", pane.persona); redraw(); } }, PERSONAS.map((one) => h("option", { value: one.id, key: one.id }, `${one.name} · ${count(one.followers)} · ${one.lang.toUpperCase()}`)))),
        h("label", null, h("span", null, t("cust_kind")), h("select", { value: pane.kind, "data-testid": "customer-kind", onchange: (event) => { pane.kind = event.target.value; redraw(); } }, kinds().map((kind) => h("option", { value: kind, key: kind }, t(`kind_${kind}`)))))),
    ],
    h("textarea", { rows: 3, maxlength: TEXT_MAX, placeholder: t("cust_text"), "aria-label": t("cust_text"), "data-testid": "customer-text", initial: pane.text, mounted: (el) => { pane.box = el; }, oninput: (event) => { pane.text = event.target.value; redraw(); }, onkeydown: (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); send(); } } }),
    h("div", { class: "c-buttons" },
      h("button", { type: "button", class: "secondary", "data-testid": "customer-sample", onclick: takeSample }, icon("shuffle"), t("cust_sample")),
      h("button", { type: "submit", class: "primary", "data-testid": "customer-send", disabled: !pane.text.trim() || pane.busy || null }, icon("send"), t("cust_send"))));
}

function when(ms) {
  return dayKey(ms) === dayKey(nowMs()) ? clockTime(ms, pageLocale()) : dayAndTime(ms, pageLocale());
}

function entry(one, thread) {
  const brand = one.from === "brand";
  const name = brand ? one.account : one.author.name;
  const state = one.delivery?.state;
  return h("li", { class: cls("c-entry", brand && "brand", one.visibility === "hidden" && "hidden", one.visibility === "deleted" && "deleted"), key: one.id, "data-testid": `network-message-${one.id}` },
    brand ? null : h("span", { class: "c-avatar", "aria-hidden": "true" }, initials(name)),
    h("div", { class: "c-bubble" },
      h("div", { class: "c-head" }, h("strong", null, name), h("time", null, when(one.at_ms)), h("a", { href: one.url, target: "_blank", rel: "noopener noreferrer", title: t("original"), "aria-label": t("original") }, icon("link"))),
      h("p", null, one.text),
      h("div", { class: "c-foot" },
        !brand && ["hidden", "deleted"].includes(one.visibility) ? h("span", { class: "c-gone", "data-testid": `gone-${one.id}` }, t(`gone_${one.visibility}`)) : null,
        brand ? h("span", { class: "c-sent" }, `${t("sent")} ↗`, one.visibility === "private" && thread.kind !== "dm" ? ` · ${t("in_private")}` : "") : h("span", { class: `c-state ${state}` }, t(`d_${state}`), state === "waiting" && one.delivery.attempts > 1 ? ` · ${t("attempts", { n: one.delivery.attempts })}` : ""))));
}

function conversation(thread) {
  const followUp = () => {
    pane.parent = { id: thread.entries.at(-1).id, network: thread.network, kind: thread.kind, author: thread.author };
    redraw();
    pane.box?.focus();
  };
  return h("li", { class: "c-thread", key: thread.id, "data-testid": `conversation-${thread.id}` },
    h("div", { class: "c-thread-head" }, networkMark(thread.network), h("span", null, h("strong", null, labelOf(thread.network)), " · ", t(`kind_${thread.kind}`)), h("small", null, t("followers", { n: count(thread.author.followers) }))),
    h("ol", null, thread.entries.map((one) => entry(one, thread))),
    h("button", { type: "button", class: "c-link", onclick: followUp }, t("follow_up")));
}

/** The whole pane. */
export function customersView() {
  const props = { class: "pane customers", key: "customers", "data-testid": "pane-customers", "aria-label": t("customers") };
  if (!pane.snap) return h("section", props, h("p", { class: "empty" }, pane.error ? t("not_answered", { error: pane.error }) : t("loading")));
  const used = [...new Set(pane.snap.threads.map((thread) => thread.network))];
  const shown = pane.snap.threads.filter((thread) => pane.filter === "all" || thread.network === pane.filter);
  const posts = pane.snap.posts || [];
  return h("section", props,
    h("header", { class: "c-title" }, icon("customers"), h("h2", null, t("customers"))),
    h("div", { class: "c-scroll", tabindex: "0" }, h("div", { class: "c-write" }, h("p", { class: "c-intro" }, t("cust_intro")), form()),
      h("div", { class: "c-read" }, h("div", { class: "c-list-head" }, h("h3", null, t("conversations")), used.length > 1 ? h("select", { value: pane.filter, "aria-label": t("filter_all"), onchange: (event) => { pane.filter = event.target.value; redraw(); } }, h("option", { value: "all", key: "all" }, t("filter_all")), used.map((name) => h("option", { value: name, key: name }, labelOf(name)))) : null),
      shown.length ? h("ul", { class: "c-threads", "aria-live": "polite" }, shown.map(conversation)) : h("p", { class: "empty" }, t("cust_empty")),
      posts.length ? [h("div", { class: "c-list-head" }, h("h3", null, t("brand_posts"))), h("ul", { class: "c-threads" }, posts.map((post) => h("li", { class: "c-thread", key: post.id }, h("div", { class: "c-thread-head" }, networkMark(post.network), h("span", null, h("strong", null, post.account)), h("small", null, when(Date.parse(post.created_at)))), h("p", { class: "c-post" }, post.text))))] : null)));
}
