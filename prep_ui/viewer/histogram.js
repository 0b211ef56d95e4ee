// The histogram under a picture.

const TOP = 30; // title and marker labels
const BOTTOM = 23; // strip of colours, axis
const STRIP = 5;

// A range that lies evenly around 0 is told by its end.
function spanText({ colours, low, high, unit }) {
  if (!colours || low !== -high) return rangeText(low, high, unit);
  return withUnit(`±\u2009${figures(high, high / 1000)}`, unit);
}

// Sizes a canvas to its box on the screen; gives its context in CSS pixels, or null while it has no size.
function fitted(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width || !height) return null;
  const ratio = window.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { context, width, height };
}

function describe({ title, unit, edges: [low, high], counts }) {
  return `Histogram, ${title}: ${counts.length} bins from ${rangeText(low, high, unit)}`;
}

// `range` is shaded: what is spread from black to white; `strip` says which colour a value has in the picture,
// `region` are the counts of a part of the picture.
function drawHistogram(canvas, histogram, { range, strip, region }, theme) {
  const surface = fitted(canvas);
  if (!surface) return;
  const { context, width, height } = surface;
  context.clearRect(0, 0, width, height);
  if (!histogram) return;
  const [low, high] = histogram.edges;
  const across = value => ((value - low) / (high - low)) * width;
  const floor = height - BOTTOM;
  context.font = `11px ${theme.font}`;
  shadeRange(context, range.map(across), width, floor, theme);
  const most = Math.max(1, ...histogram.counts);
  drawBars(context, histogram, histogram.counts, most, width, floor, theme.text);
  if (region) drawBars(context, histogram, region, most, width, floor, theme.accent);
  if (strip) drawStrip(context, histogram.edges, width, floor, strip);
  drawAxis(context, histogram, width, height, across, theme);
  drawTitle(context, histogram, width, theme);
  const markers = histogram.markers.filter(([, value]) => value >= low && value <= high);
  drawMarkers(context, markers, width, floor, across, theme);
}

function shadeRange(context, edges, width, floor, theme) {
  const [from, to] = edges.map(x => Math.min(width, Math.max(0, x)));
  context.fillStyle = theme.accent;
  context.globalAlpha = 0.22;
  context.fillRect(from, TOP, to - from, floor - TOP);
  context.globalAlpha = 1;
  for (const x of edges) if (x >= 0 && x <= width) context.fillRect(Math.min(x, width - 2), TOP, 2, floor - TOP);
}

function drawBars(context, { log }, counts, most, width, floor, colour) {
  const heightOf = log ? Math.log1p : Number;
  const scale = (floor - TOP) / heightOf(most);
  const step = width / counts.length;
  // One outline: single bars would show seams where they end between two pixels of the screen.
  context.beginPath();
  counts.forEach((count, i) => context.rect(i * step, floor, Math.max(1, step), -heightOf(count) * scale));
  context.fillStyle = colour;
  context.globalAlpha = 0.75;
  context.fill();
  context.globalAlpha = 1;
}

function drawStrip(context, [low, high], width, floor, colourOf) {
  const size = Math.ceil(width);
  const canvas = Object.assign(document.createElement("canvas"), { width: size, height: 1 });
  const picture = new ImageData(size, 1);
  const out = new Uint32Array(picture.data.buffer);
  for (let i = 0; i < size; i++) out[i] = colourOf(low + ((i + 0.5) / size) * (high - low));
  canvas.getContext("2d").putImageData(picture, 0, 0);
  context.drawImage(canvas, 0, 0, size, 1, 0, floor + 1, width, STRIP - 1);
}

function drawAxis(context, { edges: [low, high], unit }, width, height, across, theme) {
  const floor = height - BOTTOM;
  context.fillStyle = theme.text;
  context.fillRect(0, floor, width, 1);
  context.textBaseline = "bottom";
  context.textAlign = "right";
  const name = unit === "1" ? "" : unit;
  context.fillText(name, width, height);
  const free = width - (name ? context.measureText(name).width + 10 : 0);
  const step = roundStep(high - low, Math.max(2, width / 70));
  const first = Math.ceil(low / step - 1e-9);
  for (let n = first; n * step <= high + step * 1e-9; n++) {
    const x = Math.min(across(n * step), width - 1);
    const text = figures(n * step, step);
    const half = context.measureText(text).width / 2;
    const centre = Math.min(Math.max(x, half), n * step > low ? width - half : width);
    context.fillRect(x, floor + STRIP, 1, 4);
    context.textAlign = "center";
    if (centre + half <= free) context.fillText(text, centre, height);
  }
}

function drawTitle(context, { title, counts, log }, width, theme) {
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  const scale = `${log ? "log counts" : "counts"} to ${grouped(most)}`;
  context.fillStyle = theme.text;
  context.textBaseline = "top";
  context.textAlign = "right";
  context.fillText(scale, width, 1);
  context.textAlign = "left";
  context.save();
  context.beginPath();
  context.rect(0, 0, width - context.measureText(scale).width - 10, TOP);
  context.clip();
  context.fillText(title, 0, 1);
  context.restore();
}

function drawMarkers(context, markers, width, floor, across, theme) {
  context.fillStyle = theme.text;
  context.textBaseline = "top";
  context.textAlign = "left";
  let taken = -Infinity;
  for (const [label, value] of [...markers].sort((a, b) => a[1] - b[1])) {
    const x = Math.min(across(value), width - 1);
    const size = context.measureText(label).width;
    const left = Math.min(Math.max(x - size / 2, 0), width - size);
    context.fillRect(x, TOP - 2, 1, floor - TOP + 2);
    // Of labels that would overlap the first is kept; the line stays.
    if (left < taken) continue;
    context.fillText(label, left, 15);
    taken = left + size + 6;
  }
}
