// What the hand does: drag a window, zoom and move, point, and the same with keys.

const MOST_ZOOM = 64;
const KEY_PAUSE = 250; // ms without a key before the new window is sent

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

function listen(st) {
  const { root } = st;
  const slotOf = event => st.slots.find(slot => slot.canvas === event.target);
  const onSlot = act => event => {
    const slot = slotOf(event);
    if (slot) act(st, slot, event);
  };
  root.addEventListener("pointerdown", onSlot(press));
  root.addEventListener("pointermove", onSlot(move));
  root.addEventListener("pointerup", onSlot(release));
  root.addEventListener("pointercancel", onSlot(release));
  root.addEventListener("pointerout", onSlot(() => point(st, null)));
  root.addEventListener("dblclick", onSlot(() => setView(st, { zoom: 1, x: 0.5, y: 0.5 })));
  root.addEventListener("wheel", onSlot(wheel), { passive: false });
  root.addEventListener("keydown", onSlot(pressKey));
  root.querySelector("button.outline").addEventListener("click", event => {
    st.outlined = !st.outlined;
    event.currentTarget.setAttribute("aria-pressed", st.outlined);
    schedule(st);
  });
  root.querySelector(".clip").addEventListener("click", event => {
    st.clip = !st.clip;
    event.currentTarget.setAttribute("aria-pressed", st.clip);
    repaint(st);
  });
  root.querySelector(".fit").addEventListener("click", () => setView(st, { zoom: 1, x: 0.5, y: 0.5 }));
  for (const name of ["center", "width"]) {
    const input = root.querySelector(`input.${name}`);
    input.addEventListener("input", () => edit(st, { ...st.window, [name]: Number(input.value) }));
    input.addEventListener("change", () => finish(st));
    // A drag that ends where it began fires no change, and without capture no pointerup outside the slider.
    input.addEventListener("pointerdown", event => input.setPointerCapture(event.pointerId));
    input.addEventListener("pointerup", () => finish(st));
    input.addEventListener("pointercancel", () => finish(st));
  }
}

function press(st, slot, event) {
  const pans = event.button === 1 || (event.button === 0 && (event.shiftKey || !(st.head.window || st.voxel)));
  if (!pans && event.button !== 0) return;
  event.preventDefault();
  if (touch(st, slot, event)) return;
  slot.canvas.focus();
  slot.canvas.setPointerCapture(event.pointerId);
  st.root.querySelector(".readout").ariaLive = "off";
  if (st.tool && !event.shiftKey && event.button === 0) {
    st.drag = { pulls: true };
    startTool(st, slot, event);
    return;
  }
  const view = { ...st.view, ...slot.middle };
  st.drag = { pans, meets: st.voxel && !pans, x: event.clientX, y: event.clientY, view, window: st.window };
  if (st.drag.meets) meetAt(st, slot, anywhere(st, slot, event));
}

function move(st, slot, event) {
  if (!st.drag) return point(st, spotAt(st, slot, event));
  if (st.drag.pinches) return pinch(st, event);
  if (st.drag.pulls) return pullTool(st, slot, event);
  if (st.drag.meets) return meetAt(st, slot, anywhere(st, slot, event));
  const { pans, x, y, view, window } = st.drag;
  const [right, down] = [event.clientX - x, event.clientY - y];
  if (pans) {
    const { width, height } = placed(st, slot);
    const middle = { x: view.x - right / width, y: view.y - down / height };
    if (st.voxel) setMiddle(st, slot, middle);
    else setView(st, { ...view, ...middle });
  } else if (right || down || st.editing) {
    const { clientWidth, clientHeight } = slot.canvas;
    edit(st, {
      center: window.center - (down / clientHeight) * st.scale.range,
      width: window.width + (right / clientWidth) * st.scale.range,
    });
  }
}

function release(st, slot, event) {
  lift(st, event);
  if (!st.drag) return;
  const { pans, pulls, meets, pinches } = st.drag;
  st.drag = null;
  if (!pans && !pulls && !meets && !pinches) finish(st);
}

function wheel(st, slot, event) {
  if (!event.ctrlKey && !st.head.slices && !st.voxel) return;
  event.preventDefault();
  if (!event.ctrlKey) return st.voxel ? meetDeeper(st, slot, stepsOf(st, event)) : roll(st, event);
  const { left, top, width, height } = placed(st, slot);
  const box = slot.canvas.getBoundingClientRect();
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  zoomTo(st, st.view.zoom * 1.0015 ** -event.deltaY, (x - left) / width, (y - top) / height);
}

// Zoom so that the place (u, v) of the picture stays where it is on the screen.
function zoomTo(st, wanted, u, v) {
  const zoom = clamp(wanted, 1, MOST_ZOOM);
  const kept = st.view.zoom / zoom;
  const about = ({ x, y }, { u, v }) => ({ x: u + (x - u) * kept, y: v + (y - v) * kept });
  if (!st.voxel) return setView(st, { zoom, ...about(st.view, { u, v }) });
  // Each of three planes keeps its own crosshair where it is on the screen.
  const middles = st.slots.map(slot => about(slot.middle, meetingOn(st, slot)));
  st.view = { ...st.view, zoom };
  st.slots.forEach((slot, i) => setMiddle(st, slot, middles[i]));
}

function setView(st, { zoom, x, y }) {
  st.view = { zoom, x: 0.5, y: 0.5 };
  if (st.voxel) for (const slot of st.slots) setMiddle(st, slot, { x, y });
  else st.view = { zoom, ...within(st, st.slots[0], { x, y }) };
  schedule(st);
}

function setMiddle(st, slot, middle) {
  slot.middle = within(st, slot, middle);
  schedule(st);
}

// The nearest middle with which no room is given away beside the picture.
function within(st, slot, { x, y }) {
  const { width, height } = placed(st, slot);
  const bounded = (at, part) => (part >= 1 ? 0.5 : clamp(at, part / 2, 1 - part / 2));
  return { x: bounded(x, slot.canvas.clientWidth / width), y: bounded(y, slot.canvas.clientHeight / height) };
}

// After the pictures or their room have changed.
function refit(st) {
  if (!st.voxel) return setView(st, st.view);
  for (const slot of st.slots) setMiddle(st, slot, slot.middle ?? { x: 0.5, y: 0.5 });
}

// Where the pointer is, as fractions of the width and height of the picture, also beside it.
function anywhere(st, slot, event) {
  const { left, top, width, height } = placed(st, slot);
  const box = slot.canvas.getBoundingClientRect();
  return { u: (event.clientX - box.left - left) / width, v: (event.clientY - box.top - top) / height };
}

// The same; null beside it.
function spotAt(st, slot, event) {
  const spot = { ...anywhere(st, slot, event), slot };
  return isWithin(spot) ? spot : null;
}

const TOOL_KEYS = { r: "ruler", b: "region", e: "ellipse" };
const PAGES = { PageUp: 1, PageDown: -1 };
const ARROWS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

function pressKey(st, slot, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const middle = spotOn(st, slot) ?? { u: st.view.x, v: st.view.y };
  if (pressTool(st, slot, event, middle)) {
    event.preventDefault();
    return;
  }
  if (event.key in ARROWS) {
    pressArrow(st, slot, event, middle);
  } else if (event.key in PAGES && (st.head.slices || st.voxel)) {
    if (st.voxel) meetDeeper(st, slot, PAGES[event.key]);
    else turn(st, PAGE * PAGES[event.key]);
  } else if (event.key === "s") {
    toggleSwipe(st);
  } else if (event.key in TOOL_KEYS) {
    takeTool(st, TOOL_KEYS[event.key]);
  } else if (event.key === "Escape" && st.tool) {
    takeTool(st, st.tool);
  } else if (event.key === "+" || event.key === "-") {
    zoomTo(st, st.view.zoom * (event.key === "+" ? 1.25 : 0.8), middle.u, middle.v);
  } else if (event.key === "0") {
    setView(st, { zoom: 1, x: 0.5, y: 0.5 });
  } else return;
  event.preventDefault();
}

// Where there are slices the arrows turn them, and with shift they move the crosshair.
function pressArrow(st, slot, { key, shiftKey }, middle) {
  const [right, up] = ARROWS[key];
  const far = shiftKey ? 10 : 1;
  if (st.voxel) return meetBeside(st, slot, right * far, -up * far);
  if (st.head.slices) {
    if (shiftKey) step(st, slot, middle, right, -up);
    else turn(st, right + up);
    return;
  }
  if (st.head.window) nudge(st, up * far, right * far);
  else step(st, slot, middle, right * far, -up * far);
}

function nudge(st, up, right) {
  const percent = st.scale.range / 100;
  edit(st, { center: st.window.center + up * percent, width: st.window.width + right * percent });
  clearTimeout(st.timer);
  st.timer = setTimeout(() => finish(st), KEY_PAUSE);
}

// Moves the crosshair by whole pixels.
function step(st, slot, { u, v }, right, down) {
  const { cols, rows } = slot.pane;
  const moved = (at, by, count) => (clamp(Math.floor(at * count) + by, 0, count - 1) + 0.5) / count;
  point(st, { u: moved(u, right, cols), v: moved(v, down, rows), slot });
}

// The picture follows at once; the server hears of it when the hand rests.
function edit(st, { center, width }) {
  const { low, high, least, most, granule } = st.scale;
  const round = value => Number((Math.round(value / granule) * granule).toPrecision(12));
  st.window = {
    ...st.window,
    center: clamp(round(center), low, high),
    width: clamp(round(width), least, most),
  };
  st.editing = true;
  st.live = true;
  repaintLive(st);
}

function finish(st) {
  clearTimeout(st.timer);
  if (!st.editing) return;
  st.editing = false;
  const { center, width, line } = st.window;
  if (center !== st.committed.center || width !== st.committed.width) {
    st.committed = st.window;
    sendToServer(st, "window", { center, width, line });
  } else if (!st.sent || st.head.answers === st.sent) {
    show(st, st.waiting ?? st.head);
  }
}
