// A small virtual tree: views are plain functions, and only what differs touches the document, so that focus, typed text and
// scroll positions survive every update. All text becomes text nodes; nothing outside is ever parsed as HTML.

const SVG_TAGS = new Set(["svg", "path", "circle", "rect", "line", "polyline", "g"]);
const SVG_NS = "http://www.w3.org/2000/svg";

/** A node: `h("p", {class: "x", onclick: f}, "text", child, null, [more])`. */
export function h(tag, props, ...kids) {
  const flat = [];
  flatten(kids, flat);
  return { tag, props: props || {}, kids: flat, key: props?.key ?? null, el: null };
}

function flatten(kids, into) {
  for (const kid of kids) {
    if (kid === null || kid === undefined || kid === false || kid === true || kid === "") continue;
    if (Array.isArray(kid)) flatten(kid, into);
    else if (typeof kid === "object") into.push(kid);
    else into.push({ tag: "#text", text: String(kid), key: null, el: null });
  }
}

/** Makes the children of `parent` look like `nodes`. */
export function patch(parent, nodes) {
  const flat = [];
  flatten([nodes], flat);
  reconcile(parent, parent.vigieKids || [], flat);
  parent.vigieKids = flat;
  const run = afterwards;
  afterwards = [];
  for (const one of run) one();
}

let afterwards = [];

function reconcile(parent, before, after) {
  const keyed = new Map();
  const loose = [];
  for (const old of before) {
    if (old.key !== null) keyed.set(old.key, old);
    else loose.push(old);
  }
  let nextLoose = 0;
  const kept = new Set();
  const pairs = after.map((node) => {
    let old = null;
    if (node.key !== null) {
      old = keyed.get(node.key) || null;
    } else {
      let at = nextLoose;
      while (at < loose.length && loose[at].tag !== node.tag) at += 1;
      if (at < loose.length) {
        old = loose[at];
        nextLoose = at + 1;
      }
    }
    if (old && (old.tag !== node.tag || kept.has(old))) old = null;
    if (old) kept.add(old);
    return [node, old];
  });
  for (const old of before) if (!kept.has(old)) old.el.remove();
  let cursor = parent.firstChild;
  for (const [node, old] of pairs) {
    if (old) update(old, node);
    else create(node);
    if (node.el === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node.el, cursor);
    // Only once the whole tree stands in the document can things be measured, scrolled and focused.
    if (!old && node.props?.mounted) afterwards.push(() => node.props.mounted(node.el));
    if (node.props?.hook) afterwards.push(() => node.props.hook(node.el, !old));
  }
}

function create(node) {
  if (node.tag === "#text") {
    node.el = document.createTextNode(node.text);
    return;
  }
  const el = SVG_TAGS.has(node.tag) ? document.createElementNS(SVG_NS, node.tag) : document.createElement(node.tag);
  node.el = el;
  reconcile(el, [], node.kids);
  for (const [name, value] of Object.entries(node.props)) set(el, name, value);
  // What a person types belongs to the element from then on.
  if (node.props.initial !== undefined) el.value = node.props.initial;
}

function update(old, node) {
  node.el = old.el;
  if (node.tag === "#text") {
    if (old.text !== node.text) node.el.data = node.text;
    return;
  }
  reconcile(node.el, old.kids, node.kids);
  for (const name of Object.keys(old.props)) if (!(name in node.props)) set(node.el, name, null);
  for (const [name, value] of Object.entries(node.props)) {
    if (old.props[name] !== value || name === "value" || name === "checked") set(node.el, name, value);
  }
}

function set(el, name, value) {
  if (name === "key" || name === "initial" || name === "hook" || name === "mounted") return;
  if (name.startsWith("on")) {
    const type = name.slice(2);
    el.vigieOn ||= {};
    if (!(type in el.vigieOn)) el.addEventListener(type, (event) => el.vigieOn[type]?.(event));
    el.vigieOn[type] = value || null;
  } else if (name === "value" || name === "checked" || name === "indeterminate") {
    if (el[name] !== value && value !== null) el[name] = value;
  } else if (name === "style") {
    for (const [property, setting] of Object.entries(value || {})) el.style.setProperty(property, setting);
  } else if (value === null || value === undefined || value === false) {
    el.removeAttribute(name);
  } else {
    el.setAttribute(name, value === true ? "" : value);
  }
}

let draw = () => {};
let drawing = false;

/** Sets the function that draws the whole page. */
export function onDraw(f) {
  draw = f;
}

/** Asks for a redraw; many asks in one turn make one. */
export function redraw() {
  if (drawing) return;
  drawing = true;
  setTimeout(() => {
    drawing = false;
    draw();
  }, 0);
}

/** Joins class names, leaving out what is falsy. */
export function cls(...names) {
  return names.filter(Boolean).join(" ");
}

/** Only web and mail addresses become links. */
export function safeUrl(text) {
  try {
    const url = new URL(text);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** A link to elsewhere, or plain text when the address is not a web or mail address. */
export function link(address, label, className) {
  const href = safeUrl(address);
  if (!href) return h("span", { class: className }, label);
  return h("a", { href, class: className, target: "_blank", rel: "noopener noreferrer" }, label);
}
