// Line icons, drawn for this page: one path each on a 24-unit grid.

import { h } from "./dom.js";

const PATHS = {
  menu: "M4 6h16M4 12h16M4 18h16",
  close: "M6 6l12 12M18 6L6 18",
  send: "M4 12l16-8-6 16-3-6-7-2zM11 14l9-10",
  hash: "M9 4L7 20M17 4l-2 16M4 9h16M3 15h16",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 017 0v3",
  home: "M4 11l8-7 8 7M6 10v9h12v-9",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  smile: "M12 3a9 9 0 100 18 9 9 0 000-18zM8.5 14a4.5 4.5 0 007 0M9 9.5h.01M15 9.5h.01",
  reply: "M9 7l-5 5 5 5M4 12h10a6 6 0 016 6v1",
  thread: "M5 5h14v10h-8l-4 4v-4H5zM9 9h6M9 12h4",
  edit: "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
  trash: "M5 7h14M9 7V5h6v2M7 7l1 13h8l1-13M10 11v5M14 11v5",
  pin: "M9 4h6l-1 6 3 3v2H7v-2l3-3zM12 15v6",
  down: "M6 9l6 6 6-6",
  right: "M9 6l6 6-6 6",
  clock: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3 2",
  bolt: "M13 3L5 14h6l-1 7 8-11h-6z",
  people: "M9 11a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM3 20c0-4 2.5-6 6-6s6 2 6 6M16 5a3 3 0 010 6M17 14c2.5.4 4 2.5 4 6",
  customers: "M5 5h14v11h-7l-4 4v-4H5zM12 13s-3-1.7-3-3.6A1.5 1.5 0 0112 8.7a1.5 1.5 0 013 .7C15 11.3 12 13 12 13z",
  check: "M5 12l5 5 9-10",
  eye: "M2 12s3.5-6 10-6 10 6 10 6-3.5 6-10 6-10-6-10-6zM12 9.5a2.5 2.5 0 100 5 2.5 2.5 0 000-5z",
  link: "M10 14l8-8M12 6h6v6M17 14v4H6V7h4",
  bulb: "M9 17h6M10 20h4M12 4a5.5 5.5 0 00-3 10c.6.6 1 1.5 1 2.5h4c0-1 .4-1.9 1-2.5a5.5 5.5 0 00-3-10z",
  plus: "M12 5v14M5 12h14",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h.01",
  columns: "M4 5h16v14H4zM12 5v14",
  shuffle: "M4 7h4l8 10h4M4 17h4l2.5-3M14 9.5L16 7h4M18 5l2 2-2 2M18 15l2 2-2 2",
};

/** An icon; it says nothing to screen readers, so the control around it needs a label. */
export function icon(name, className) {
  return h("svg", { viewBox: "0 0 24 24", class: `icon icon-${name} ${className || ""}`, "aria-hidden": "true" }, h("path", { d: PATHS[name] || PATHS.more }));
}

/** The marks on the switch: simple shapes that recall each place. */
export function mark(place) {
  if (place === "slack") {
    return h("svg", { viewBox: "0 0 24 24", class: "mark", "aria-hidden": "true" },
      h("rect", { x: 9, y: 2, width: 4, height: 10, rx: 2, fill: "#36c5f0" }), h("rect", { x: 12, y: 9, width: 10, height: 4, rx: 2, fill: "#2eb67d" }),
      h("rect", { x: 11, y: 12, width: 4, height: 10, rx: 2, fill: "#ecb22e" }), h("rect", { x: 2, y: 11, width: 10, height: 4, rx: 2, fill: "#e01e5a" }));
  }
  if (place === "discord") {
    return h("svg", { viewBox: "0 0 24 24", class: "mark", "aria-hidden": "true" },
      h("rect", { x: 2, y: 5, width: 20, height: 14, rx: 6, fill: "#5865f2" }), h("circle", { cx: 9, cy: 12, r: 2, fill: "#fff" }), h("circle", { cx: 15, cy: 12, r: 2, fill: "#fff" }));
  }
  return icon("customers", "mark");
}
