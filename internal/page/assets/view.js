// Where the picture is, and how large.

const view = {
  map: at("map"),
  box: at("picture"),
  x: 0, y: 0, scale: 1,
  moved: false, // by the user
  readable: 0.55, // the least scale for who did not choose one: a large map is not shown whole

  size() {
    const svg = this.box.querySelector("svg");
    const box = svg?.viewBox.baseVal;
    return box && box.width ? { width: box.width, height: box.height } : { width: 1, height: 1 };
  },

  // room is the part of the map that the panel leaves free.
  room() {
    const map = this.map.getBoundingClientRect();
    const panel = at("panel");
    if (panel.hidden) return { width: map.width, height: map.height };
    const taken = panel.getBoundingClientRect();
    return taken.left > map.left + 40
      ? { width: taken.left - map.left, height: map.height }
      : { width: map.width, height: Math.max(120, taken.top - map.top) };
  },

  show(glide = false) {
    this.box.classList.toggle("glides", glide);
    this.box.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
  },

  move(dx, dy, glide = false) {
    const size = this.size(), map = this.map.getBoundingClientRect(), edge = 80;
    const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
    this.x = clamp(this.x + dx, edge - size.width * this.scale, map.width - edge);
    this.y = clamp(this.y + dy, edge - size.height * this.scale, map.height - edge);
    this.moved = true;
    this.show(glide);
  },

  // zoom keeps the point at x and y of the map where it is.
  zoom(factor, x, y, glide = false) {
    const room = this.room();
    x ??= room.width / 2;
    y ??= room.height / 2;
    const scale = Math.min(Math.max(this.scale * factor, 0.05), 6);
    this.x = x - ((x - this.x) * scale) / this.scale;
    this.y = y - ((y - this.y) * scale) / this.scale;
    this.scale = scale;
    this.move(0, 0, glide);
  },

  // fit shows all of the picture, unless that takes a scale below the least.
  fit(least = 0.05, glide = false) {
    const size = this.size(), room = this.room(), margin = 24, below = 52; // where it says how fresh the picture is
    const width = room.width - 2 * margin, height = room.height - margin - below;
    this.scale = Math.min(Math.max(Math.min(width / size.width, height / size.height), least), 1.25);
    this.x = Math.max(margin, (room.width - size.width * this.scale) / 2);
    this.y = Math.max(margin, (room.height - below + margin - size.height * this.scale) / 2);
    this.show(glide);
    this.moved = false;
  },

  // reveal moves the map just so far that an element can be seen.
  reveal(element) {
    const room = this.room(), map = this.map.getBoundingClientRect(), box = element.getBoundingClientRect(), margin = 32;
    const shift = (low, high, most) => {
      if (high - low > most - 2 * margin) return margin - low;
      if (low < margin) return margin - low;
      if (high > most - margin) return most - margin - high;
      return 0;
    };
    const dx = shift(box.left - map.left, box.right - map.left, room.width);
    const dy = shift(box.top - map.top, box.bottom - map.top, room.height);
    if (dx || dy) this.move(dx, dy, true);
  },
};

// The browser scrolls to what has the focus; the map is moved instead.
view.map.addEventListener("scroll", () => { view.map.scrollTo(0, 0); });

view.map.addEventListener("wheel", (event) => {
  event.preventDefault();
  const box = view.map.getBoundingClientRect();
  const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
  const speed = event.ctrlKey ? 0.01 : 0.0016; // a pinch on a touchpad comes as small turns with Ctrl
  view.zoom(Math.exp(-event.deltaY * lines * speed), event.clientX - box.left, event.clientY - box.top);
}, { passive: false });

// Pointers: one drags, two pinch.
const pointers = new Map();
let drag = null; // since a pointer went down; far tells that it is no click any more

view.map.addEventListener("pointerdown", (event) => {
  if (event.pointerType === "mouse" && event.button !== 0) return;
  pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  if (pointers.size === 1) drag = { far: false, x: event.clientX, y: event.clientY };
});

view.map.addEventListener("pointermove", (event) => {
  const before = pointers.get(event.pointerId);
  if (!before) return;
  const slack = 4;
  if (!drag.far && pointers.size === 1 && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < slack) return;
  if (!drag.far) {
    drag.far = true;
    view.map.setPointerCapture(event.pointerId);
    view.map.classList.add("drags");
  }
  const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
  if (others.length === 1) {
    const box = view.map.getBoundingClientRect(), still = others[0];
    const was = Math.hypot(before.x - still.x, before.y - still.y);
    const is = Math.hypot(event.clientX - still.x, event.clientY - still.y);
    if (was > 0) view.zoom(is / was, (event.clientX + still.x) / 2 - box.left, (event.clientY + still.y) / 2 - box.top);
    view.move((event.clientX - before.x) / 2, (event.clientY - before.y) / 2);
  } else if (others.length === 0) {
    view.move(event.clientX - before.x, event.clientY - before.y);
  }
  pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
});

for (const kind of ["pointerup", "pointercancel"]) {
  addEventListener(kind, (event) => {
    pointers.delete(event.pointerId);
    if (pointers.size === 0) view.map.classList.remove("drags");
  });
}

at("zoom-in").addEventListener("click", () => view.zoom(1.3, undefined, undefined, true));
at("zoom-out").addEventListener("click", () => view.zoom(1 / 1.3, undefined, undefined, true));
at("zoom-fit").addEventListener("click", () => view.fit(undefined, true));
new ResizeObserver(() => { if (!view.moved) view.fit(view.readable); }).observe(view.map);
