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
  if (st.head.slices) writeSlice(st);
  if (st.voxel) writeCuts(st);
  writeReadout(st);
  tellHistograms(st);
  if (st.head.window) tellWindow(st);
  st.root.dataset.paintMs = (performance.now() - began).toFixed(2);
  st.root.dataset.rev = st.head.rev;
  if (st.head.slices) st.root.dataset.slice = indexOf(st, st.slots[0]);
  st.root.dataset.painted = ++st.painted;
}

// What a slot shows now: its own pixels, or while the window moves those that enter the window.  `transfer` takes what
// the raster holds to grey, with `limits` for black and white; `greyOf` and `range` say the same of the pane's values.
function source(st, slot) {
  const decibels = showsDecibels(st, slot);
  if (st.live && slot === st.slots.at(-1)) return decibels ? inDecibels(st, entering(st)) : entering(st);
  if (decibels) return decibelSource(st, slot);
  const { pane, raster } = slot;
  const { low, high } = limitsOf(st, slot);
  const [transfer, limits] = [rangeTransfer(low, high), [low, high]];
  return { pane, raster, transfer, limits, greyOf: transfer, range: limits };
}

function entering({ head, liveRaster, window }) {
  const transfer = WINDOW_TRANSFERS[window.function](window.center, window.width);
  const limits = windowLimits(window);
  return { pane: head.live, raster: liveRaster, transfer, limits, greyOf: transfer, range: limits };
}

function paintPixels(st, slot) {
  const { raster, transfer, limits } = source(st, slot);
  raster.paint(transfer, limits, colourOf(st, slot));
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
function placed(st, slot) {
  const { clientWidth, clientHeight } = slot.canvas;
  // Three planes of a volume are drawn at one scale.
  const sizes = (st.voxel ? st.slots : [slot]).map(({ pane }) => sizeOf(st, pane));
  const scale = Math.min(...sizes.flatMap(([across, down]) => [clientWidth / across, clientHeight / down])) * st.view.zoom;
  const [width, height] = sizeOf(st, slot.pane).map(side => side * scale);
  const { x, y } = slot.middle ?? st.view;
  return { left: clientWidth / 2 - x * width, top: clientHeight / 2 - y * height, width, height };
}

function sizeOf({ head }, { cols, rows, stride, place, cut }) {
  const [height, width] = cut ? [place.down, place.right].map(step => Math.sqrt(dot(step, step))) : [head.aspect, 1];
  return [cols * stride * width, rows * stride * height];
}

function drawPicture(st, slot) {
  const surface = fitted(slot.canvas);
  if (!surface) return;
  const { context, width, height } = surface;
  const at = placed(st, slot);
  context.clearRect(0, 0, width, height);
  context.imageSmoothingEnabled = false;
  drawPlane(st, slot, context, at);
  if (st.divider && slot === st.slots[0]) drawSwiped(st, context, width, height);
  drawTool(st, slot, context);
}

function drawPlane(st, slot, context, at) {
  const draw = ({ canvas }) => context.drawImage(canvas, at.left, at.top, at.width, at.height);
  draw(source(st, slot).raster);
  if (marksClipped(st, slot)) draw(st.liveRaster);
  if (slot.outline && st.outlined) draw(slot.outline);
  drawBin(st, slot, draw);
}

function placeCrosshair(st, slot) {
  const { canvas, across, down } = slot;
  const at = placed(st, slot);
  const spot = spotOn(st, slot);
  const [x, y] = spot ? [at.left + spot.u * at.width, at.top + spot.v * at.height] : [-1, -1];
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
  const shown = source(st, slot);
  const range = replaced || (enters(pane) && !stale) ? windowLimits(st.window) : stale ? [pane.low, pane.high] : shown.range;
  canvas.style.opacity = stale && !replaced ? 0.35 : 1;
  if (canvas.hidden) return;
  const colour = colourOf(st, slot);
  const strip = stale && !replaced ? null : value => colour(shown.greyOf(value));
  const region = stale ? null : regionOf(st, slot)?.counts;
  drawHistogram(canvas, replaced ? live.histogram : pane.histogram, { range, strip, region }, st.theme);
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
  if (!head.slices) tellValue(slots, scale.low, scale.high, window.center, `center ${words.center}, width ${words.width}`);
}

// What a screen reader says of a picture that keys can change.
function tellValue(slots, low, high, now, words) {
  const said = { valuemin: low, valuemax: high, valuenow: now, valuetext: words };
  for (const { canvas } of slots) {
    for (const [name, value] of Object.entries(said)) canvas.setAttribute(`aria-${name}`, value);
  }
}
