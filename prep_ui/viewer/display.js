// How greys become colours on this screen.  Nothing here reaches the server: it changes the picture, no value.

const AS_IT_IS = { map: "grey", ends: "", gamma: 1, decibel: 0, floor: -60 };
const TONES = 4096; // steps in which a curve is worked out
const MAPS = makeMaps();

// Each map as 256 colours, as a Uint32Array over RGBA bytes holds them.
function makeMaps() {
  const greys = Uint32Array.from({ length: 256 }, (_, level) => OPAQUE | (level << 16) | (level << 8) | level);
  const maps = { grey: greys, "inverted grey": greys.slice().reverse() };
  for (const [name, text] of Object.entries(MAP_BYTES)) {
    const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
    maps[name] = Uint32Array.from({ length: 256 }, (_, i) => {
      const [red, green, blue] = bytes.subarray(3 * i);
      return OPAQUE | (blue << 16) | (green << 8) | red;
    });
  }
  return maps;
}

const toUnit = grey => (grey < 0 ? 0 : grey > 1 ? 1 : grey);

// The colours that a picture brings along, as the maps above hold theirs; null where it brings none.
function tableOf({ colours }) {
  if (!colours) return null;
  const byte = at => parseInt(colours.slice(at, at + 2), 16);
  return Uint32Array.from({ length: 256 }, (_, i) => OPAQUE | (byte(6 * i + 4) << 16) | (byte(6 * i + 2) << 8) | byte(6 * i));
}

const fromTable = colours => grey => colours[(toUnit(grey) * 255 + 0.5) | 0];

// Colours for greys, which may be below 0 or above 1.
function mappedColour({ map, gamma }, inverted) {
  const colours = MAPS[map];
  const bright = inverted ? grey => 1 - toUnit(grey) : toUnit;
  if (gamma === 1) return grey => colours[(bright(grey) * 255 + 0.5) | 0];
  const tones = Uint32Array.from({ length: TONES }, (_, i) => colours[((i / (TONES - 1)) ** gamma * 255 + 0.5) | 0]);
  return grey => tones[(bright(grey) * (TONES - 1) + 0.5) | 0];
}

function clippedColour(grey) {
  return grey < 0 ? CLIPPED_LOW : grey > 1 ? CLIPPED_HIGH : 0;
}

function shadedColour(plain) {
  return grey => clippedColour(grey) || plain(grey);
}

// A slot's colours: bands of red, green and blue stay what they are, but for the curve.
function colourOf({ display, clip }, { pane, colours }) {
  if (pane.colour) return mappedColour({ ...display, map: "grey" }, pane.inverted);
  if (colours) return clip ? shadedColour(fromTable(colours)) : fromTable(colours);
  const plain = mappedColour(display, pane.inverted);
  return clip ? shadedColour(plain) : plain;
}

// What is black and what is white: as the server says, or percentiles of this picture, without its padding.
function limitsOf({ display: { ends } }, slot) {
  const { pane } = slot;
  if (ends === "" || !hasOwnLimits(slot)) return pane;
  if (slot.limits?.of !== pane || slot.limits.ends !== ends) slot.limits = { of: pane, ends, ...percentileLimits(pane, Number(ends)) };
  return slot.limits;
}

// Colours and signed differences mean something by their place; three planes of a volume share one range.
function hasOwnLimits({ pane }) {
  return !pane.colour && !pane.colours && !pane.cut;
}

// Percentiles as NumPy's method "linear" has them.
function percentileLimits({ pixels, counted, low, high }, ends) {
  const values = Float64Array.from(pixels.filter((value, i) => Number.isFinite(value) && (!counted || counted[i])));
  if (!values.length) return { low, high };
  values.sort();
  const at = percent => {
    const place = ((values.length - 1) * percent) / 100;
    const below = Math.floor(place);
    return values[below] + (place - below) * ((values[below + 1] ?? values[below]) - values[below]);
  };
  return { low: at(ends), high: at(100 - ends) };
}

// Decibels need values of at least 0 that are none yet.
function hasDecibels({ pane, raster }) {
  return !pane.colour && !pane.colours && pane.unit !== "dB" && pane.high > 0 && raster.extent[0] >= 0;
}

function showsDecibels({ display }, slot) {
  return display.decibel > 0 && hasDecibels(slot);
}

// From a share of the white end to grey, where `floor` decibels are black.
function decibelGrey({ decibel, floor }) {
  return share => 1 - (decibel * Math.log10(Math.max(share, 0))) / floor;
}

function decibelText({ floor }, pane) {
  return `${floor} to 0 dB, relative to ${withUnit(figures(pane.high, fineStep(pane.high, pane)), pane.unit)}`;
}

// The logarithms as a picture of their own: in equal steps of the values, the dark decades would be one step.
function logRaster(slot) {
  const { pane } = slot;
  const logarithm = value => Math.log10(value / pane.high);
  slot.logarithms ??= makeRaster({ ...pane, pixels: Float32Array.from(pane.pixels, logarithm), dtype: "float32" });
  return slot.logarithms;
}

function decibelSource({ display }, slot) {
  const { pane } = slot;
  const decades = display.floor / display.decibel;
  const toGrey = decibelGrey(display);
  return {
    pane,
    raster: logRaster(slot),
    transfer: rangeTransfer(decades, 0),
    limits: [decades, 0],
    greyOf: value => toGrey(value / pane.high),
    range: [pane.high * 10 ** decades, pane.high],
  };
}

// While the window moves, what it makes of a value is shown in decibels too.
function inDecibels({ display }, shown) {
  const toGrey = decibelGrey(display);
  const transfer = value => toGrey(shown.transfer(value));
  return { ...shown, transfer, greyOf: transfer };
}
