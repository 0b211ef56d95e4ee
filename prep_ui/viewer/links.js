// What the viewer and the histograms beside it tell each other, by events on the document: no server is asked.

const POINTED_AT = 0xff8f18c2; // the colour that the histograms mark with, as the bytes of a canvas hold it

function listenToLinks(st) {
  st.links = new AbortController();
  const on = (name, act) => document.addEventListener(name, event => st.head && act(event.detail), { signal: st.links.signal });
  on("prep:bin", bin => {
    st.bin = bin;
    for (const slot of st.slots) slot.binned = null;
    schedule(st);
  });
  on("prep:steer", window => steerWindow(st, window));
}

// The values under the crosshair, one for each picture, and those in the region.
function tellHistograms(st) {
  const values = st.spot && st.slots.map(slot => numberAt(st, slot));
  if (values?.join() !== st.toldValues?.join()) tellDocument("prep:pixel", values);
  st.toldValues = values;
  const regions = st.slots.map(slot => regionOf(st, slot)?.values);
  if (regions.some((region, i) => region !== st.toldRegions?.[i])) tellDocument("prep:region", regions);
  st.toldRegions = regions;
}

// What the hand makes of the window here.
function tellWindow(st) {
  if (st.editing && st.window !== st.toldWindow) tellDocument("prep:window", st.window);
  st.toldWindow = st.window;
}

function tellDocument(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

// NaN where there is no number to tell: beside the picture, in padding, in colours, in a picture of another slice than the
// one that is wanted, and while a window is dragged.
function numberAt(st, slot) {
  const spot = spotOn(st, slot);
  const { pane } = slot;
  if (!isWithin(spot) || pane.colour || isBehind(st, slot) || (st.live && slot === st.slots.at(-1))) return NaN;
  const i = Math.floor(spot.v * pane.rows) * pane.cols + Math.floor(spot.u * pane.cols);
  return pane.counted && !pane.counted[i] ? NaN : pane.pixels[i];
}

// The pixels of the bin pointed at, over each picture that has as many pixels.
function drawBin(st, slot, draw) {
  if (!st.bin) return;
  slot.binned ??= makeBinned(st, slot);
  if (slot.binned) draw(slot.binned);
}

function makeBinned({ bin, slots }, { pane }) {
  const inside = bin.pixels ? i => bin.pixels[i] === bin.bin : rangeIn(slots[bin.pane]?.pane, bin);
  const [rows, cols] = bin.pixels ? [bin.rows, bin.cols] : [slots[bin.pane]?.pane.rows, slots[bin.pane]?.pane.cols];
  if (!inside || rows !== pane.rows || cols !== pane.cols) return null;
  const canvas = Object.assign(document.createElement("canvas"), { width: cols, height: rows });
  const context = canvas.getContext("2d");
  const picture = context.createImageData(cols, rows);
  const out = new Uint32Array(picture.data.buffer);
  for (let i = 0; i < out.length; i++) if (inside(i)) out[i] = POINTED_AT;
  context.putImageData(picture, 0, 0);
  return { canvas };
}

function rangeIn(pane, { low, high, closed }) {
  if (!pane || pane.colour) return null;
  const { pixels, counted } = pane;
  const below = closed ? value => value <= high : value => value < high;
  return i => pixels[i] >= low && below(pixels[i]) && (!counted || counted[i] !== 0);
}

// A window that is dragged on a histogram moves here too; the server hears of it from there.
function steerWindow(st, { center, width, done }) {
  if (!st.head.window) return;
  if (!done) edit(st, { center, width });
  else {
    st.editing = false;
    if (center === st.committed.center && width === st.committed.width) show(st, st.waiting ?? st.head);
  }
}
