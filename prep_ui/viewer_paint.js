// From state to screen.

function schedule(st) {
  st.frame ||= requestAnimationFrame(() => paint(st));
}

function repaint(st) {
  st.changed = new Set(st.slots);
  schedule(st);
}

function repaintLive(st) {
  st.changed.add(st.slots.at(-1));
  schedule(st);
}

function point(st, spot) {
  st.spot = spot;
  schedule(st);
}

function paint(st) {
  const began = performance.now();
  cancelAnimationFrame(st.frame);
  st.frame = 0;
  for (const slot of st.changed) paintPixels(st, slot);
  st.changed.clear();
  for (const slot of st.slots) {
    drawPicture(st, slot);
    placeCrosshair(st, slot);
    drawSlotHistogram(st, slot);
  }
  if (st.head.window) writeWindow(st);
  writeReadout(st);
  st.root.dataset.paintMs = (performance.now() - began).toFixed(2);
  st.root.dataset.rev = st.head.rev;
  st.root.dataset.painted = ++st.painted;
}

// What a slot shows now: its own pixels, or while the window moves those that enter the window.
function source(st, slot) {
  if (st.live && slot === st.slots.at(-1)) return entering(st);
  const { low, high } = slot.pane;
  return { pane: slot.pane, raster: slot.raster, transfer: rangeTransfer(low, high), limits: [low, high] };
}

function entering({ head, liveRaster, window }) {
  const transfer = WINDOW_TRANSFERS[window.function](window.center, window.width);
  return { pane: head.live, raster: liveRaster, transfer, limits: windowLimits(window) };
}

function paintPixels(st, slot) {
  const { pane, raster, transfer, limits } = source(st, slot);
  const colour = st.clip && !pane.colour ? shadedColour : greyColour;
  raster.paint(transfer, limits, colour(slot.pane.inverted));
  if (marksClipped(st, slot)) {
    const { raster: marks, transfer, limits } = entering(st);
    marks.paint(transfer, limits, clippedColour);
  }
}

// The result of a window holds no value outside its range: what was clipped is known from what entered it.
function marksClipped(st, slot) {
  return st.clip && !st.live && st.head.window && slot === st.slots.at(-1);
}

// Where the whole picture lies on its canvas, in CSS pixels.
function placed({ head, view }, { canvas, pane }) {
  const { clientWidth, clientHeight } = canvas;
  const [cols, rows] = [pane.cols * pane.stride, pane.rows * pane.stride * head.aspect];
  const scale = Math.min(clientWidth / cols, clientHeight / rows) * view.zoom;
  const [width, height] = [cols * scale, rows * scale];
  return { left: clientWidth / 2 - view.x * width, top: clientHeight / 2 - view.y * height, width, height };
}

function drawPicture(st, slot) {
  const surface = fitted(slot.canvas);
  if (!surface) return;
  const { context, width, height } = surface;
  const at = placed(st, slot);
  context.clearRect(0, 0, width, height);
  context.imageSmoothingEnabled = false;
  const draw = ({ canvas }) => context.drawImage(canvas, at.left, at.top, at.width, at.height);
  draw(source(st, slot).raster);
  if (marksClipped(st, slot)) draw(st.liveRaster);
  if (slot.outline && st.outlined) draw(slot.outline);
}

function placeCrosshair(st, slot) {
  const { canvas, across, down } = slot;
  const at = placed(st, slot);
  const [x, y] = st.spot ? [at.left + st.spot.u * at.width, at.top + st.spot.v * at.height] : [-1, -1];
  across.hidden = y < 0 || y > canvas.clientHeight;
  down.hidden = x < 0 || x > canvas.clientWidth;
  across.style.transform = `translateY(${Math.floor(y)}px)`;
  down.style.transform = `translateX(${Math.floor(x)}px)`;
}

// The histogram of a live pane belongs to the old window: where the values that enter the window are shown beside
// it, it is dimmed, and else they are shown in its place.
function drawSlotHistogram(st, slot) {
  const { live, panes } = st.head;
  const { pane, histogram: canvas } = slot;
  const enters = other => live?.histogram && other.block === live.block;
  const stale = st.live && slot === st.slots.at(-1);
  const replaced = stale && live.histogram && !panes.some(enters);
  const range = replaced || (enters(pane) && !stale) ? windowLimits(st.window) : [pane.low, pane.high];
  canvas.style.opacity = stale && !replaced ? 0.35 : 1;
  if (!canvas.hidden) drawHistogram(canvas, replaced ? live.histogram : pane.histogram, range, st.theme);
}

function writeWindow({ root, head, slots, window, scale }) {
  const words = {};
  for (const name of ["center", "width"]) {
    words[name] = withUnit(figures(window[name], scale.granule), head.live.unit);
    const input = root.querySelector(`input.${name}`);
    if (Number(input.value) !== window[name]) input.value = window[name];
    input.setAttribute("aria-valuetext", words[name]);
    root.querySelector(`.${name}-value`).textContent = words[name];
  }
  for (const { canvas } of slots) {
    canvas.setAttribute("aria-valuemin", scale.low);
    canvas.setAttribute("aria-valuemax", scale.high);
    canvas.setAttribute("aria-valuenow", window.center);
    canvas.setAttribute("aria-valuetext", `centre ${words.center}, width ${words.width}`);
  }
}

function writeReadout(st) {
  const words = st.spot ? valuesAt(st) : [hint(st)];
  const parts = words.map(text => Object.assign(document.createElement("span"), { textContent: text }));
  st.root.querySelector(".readout").replaceChildren(...parts);
}

function hint({ head }) {
  const window = head.window ? "drag: width and centre   " : "";
  return `${window}${head.window ? "shift + drag" : "drag"}: move   ctrl + wheel: zoom`;
}

function valuesAt(st) {
  const { u, v } = st.spot;
  const [{ pane: first }] = st.slots;
  const at = (fraction, count) => Math.floor(fraction * count);
  const [x, y] = [at(u, first.cols) * first.stride, at(v, first.rows) * first.stride];
  const every = first.stride > 1 ? ` (every ${ordinal(first.stride)} pixel)` : "";
  const values = st.slots.map(slot => `${slot.pane.label} ${valueAt(st, slot, u, v)}`);
  return [`x ${x}, y ${y}${every}`, ...values];
}

function valueAt(st, slot, u, v) {
  const { pane, transfer } = source(st, slot);
  const i = Math.floor(v * pane.rows) * pane.cols + Math.floor(u * pane.cols);
  if (pane.colour) return [0, 1, 2].map(band => pane.pixels[band * pane.rows * pane.cols + i]).join(" ");
  if (pane !== slot.pane) return figures(clamp(transfer(pane.pixels[i]), 0, 1), 0.001);
  const whole = pane.dtype !== "float32";
  return withUnit(figures(pane.pixels[i], whole ? 1 : (pane.high - pane.low) / 1000 || 1), pane.unit);
}
