// From payload to pixels, and from pixels to grey.  payload.py describes it.

const ARRAYS = { uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array, float32: Float32Array };
const CODES = 65536;
const BELOW = 1; // codes of a float picture: 0 no value, 1 below the bracket, 65535 above it
const ABOVE = CODES - 1;

// Colours as a little-endian Uint32Array over RGBA bytes holds them.
const OPAQUE = 0xff000000;
const CLIPPED_LOW = 0xfff6823b; // blue
const CLIPPED_HIGH = 0xff3030e0; // red
const OUTLINE = 0xff00a5ff; // orange

function decode(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  let at = 4 + padded(length);
  const blocks = head.blocks.map(size => {
    // A copy: typed arrays need an aligned offset, and the message does not promise one.
    const block = bytes.slice(at, at + size).buffer;
    at += padded(size);
    return block;
  });
  for (const pane of head.live ? [...head.panes, head.live] : head.panes) {
    pane.pixels = new ARRAYS[pane.dtype](blocks[pane.block]);
    pane.counted = pane.valid === null ? null : new Uint8Array(blocks[pane.valid]);
    pane.inside = pane.mask === null ? null : new Uint8Array(blocks[pane.mask]);
  }
  return head;
}

function padded(size) {
  return (size + 3) & ~3;
}

// The smallest and the largest finite value.
function extentOf(pixels) {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i];
    if (value < low && value > -Infinity) low = value;
    if (value > high && value < Infinity) high = value;
  }
  return low <= high ? [low, high] : [0, 0];
}

// A transfer takes a value to grey: 0 black, 1 white; below 0 and above 1 it was clipped.
function rangeTransfer(low, high) {
  const step = value => (value < low ? -1 : value > high ? 2 : 0.5);
  return high > low ? value => (value - low) / (high - low) : step;
}

const WINDOW_TRANSFERS = {
  // PS3.3 C.11.2.1.2.1; at width 1 it is a step
  linear: (center, width) =>
    width > 1
      ? value => (value - (center - 0.5)) / (width - 1) + 0.5
      : value => (value <= center - 0.5 ? -1 : 2),
  // PS3.3 C.11.2.1.3.2
  linear_exact: (center, width) => value => (value - center) / width + 0.5,
  // PS3.3 C.11.2.1.3.1
  sigmoid: (center, width) => value => 1 / (1 + Math.exp((-4 * (value - center)) / width)),
};

// The values that a window takes to black and to white.
function windowLimits({ center, width, function: name }) {
  const [middle, span] = name === "linear" ? [center - 0.5, width - 1] : [center, width];
  return [middle - span / 2, middle + span / 2];
}

// A picture that can be painted again and again on a canvas of its own size.
function makeRaster(pane) {
  const canvas = document.createElement("canvas");
  canvas.width = pane.cols;
  canvas.height = pane.rows;
  const context = canvas.getContext("2d");
  const picture = context.createImageData(pane.cols, pane.rows);
  const extent = extentOf(pane.pixels);
  const coded = pane.dtype === "float32" ? floatCodes(pane.pixels, extent) : integerCodes(pane.pixels, extent);
  const out = new Uint32Array(picture.data.buffer);
  const table = new Uint32Array(CODES);
  return {
    canvas,
    extent,
    // `limits` are the values between which `transfer` does its work.
    paint(transfer, limits, colour) {
      const codes = coded(limits, (code, value) => {
        table[code] = colour(transfer(value));
      });
      if (pane.colour) lookUpColour(out, codes, table);
      else for (let i = 0; i < codes.length; i++) out[i] = table[codes[i]];
      context.putImageData(picture, 0, 0);
    },
  };
}

// The rim of a mask on a canvas of the picture's size, or nothing where there is no mask.
function makeOutline({ inside, rows, cols }) {
  if (!inside) return null;
  const canvas = Object.assign(document.createElement("canvas"), { width: cols, height: rows });
  const context = canvas.getContext("2d");
  const picture = context.createImageData(cols, rows);
  const out = new Uint32Array(picture.data.buffer);
  for (let y = 0, i = 0; y < rows; y++) {
    for (let x = 0; x < cols; x++, i++) {
      if (!inside[i]) continue;
      const beside = x && inside[i - 1] && x < cols - 1 && inside[i + 1];
      if (!(beside && y && inside[i - cols] && y < rows - 1 && inside[i + cols])) out[i] = OUTLINE;
    }
  }
  context.putImageData(picture, 0, 0);
  return { canvas };
}

function lookUpColour(out, codes, table) {
  const size = out.length;
  for (let i = 0; i < size; i++) {
    const red = table[codes[i]] & 0xff;
    const green = table[codes[size + i]] & 0xff00;
    out[i] = OPAQUE | (table[codes[2 * size + i]] & 0xff0000) | green | red;
  }
}

// Integers are their own codes; a negative one is read as its bit pattern.
function integerCodes(pixels, [low, high]) {
  const codes = pixels instanceof Int16Array ? new Uint16Array(pixels.buffer) : pixels;
  return (limits, enter) => {
    for (let value = low; value <= high; value++) enter(value & 0xffff, value);
    return codes;
  };
}

// Floats are coded in equal steps over a bracket some window widths wide.  Coding is slower than looking up,
// so the bracket stays until the window has left it, or has become so narrow that steps would show.
function floatCodes(pixels, extent) {
  const codes = new Uint16Array(pixels.length);
  let bracket = null;
  return ([from, to], enter) => {
    const width = to - from || Number.MIN_VALUE;
    const within = margin => [Math.max(extent[0], from - margin * width), Math.min(extent[1], to + margin * width)];
    if (!bracket || !serves(bracket, within(2), width)) {
      bracket = within(4);
      encode(pixels, bracket, codes);
    }
    const step = stepOf(bracket);
    for (let code = BELOW + 1; code < ABOVE; code++) enter(code, bracket[0] + (code - BELOW - 1) * step);
    enter(BELOW, -Infinity);
    enter(ABOVE, Infinity);
    return codes;
  };
}

function serves([low, high], [needLow, needHigh], width) {
  return low <= needLow && high >= needHigh && high - low <= 64 * width;
}

function stepOf([low, high]) {
  return high > low ? (high - low) / (ABOVE - BELOW - 2) : 1;
}

function encode(pixels, bracket, codes) {
  const [low, high] = bracket;
  const scale = 1 / stepOf(bracket);
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i];
    if (value < low) codes[i] = BELOW;
    else if (value > high) codes[i] = ABOVE;
    else codes[i] = value === value ? (value - low) * scale + BELOW + 1.5 : 0;
  }
}
