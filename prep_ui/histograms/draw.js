// One histogram as SVG.  All colours are written out, so that a saved drawing looks as on the screen.

const TOP = 28; // title, labels of the marks
const BOTTOM = 18; // ticks
const LEFT = 40;
const RIGHT = 9;
const LINK = "#c2188f"; // what is pointed at, here and in the pictures

const escaped = text => text.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`);

function geometry(chart, width, height) {
  const inner = width - LEFT - RIGHT;
  const { low, high } = chart;
  return {
    width,
    height,
    floor: height - BOTTOM,
    right: width - RIGHT,
    across: value => LEFT + (inner * (value - low)) / (high - low),
    value: x => low + ((x - LEFT) / inner) * (high - low),
  };
}

// `pointed` is the band of values to mark, `region` are the counts of a part of the picture.
function drawn(chart, place, { log, cumulative }, { pointed, region, steered, stale }, theme) {
  const heightOf = log ? Math.log1p : Number;
  const most = chart.drawn.reduce((a, b) => Math.max(a, b), 1);
  const scale = (place.floor - TOP) / heightOf(most);
  const up = count => place.floor - heightOf(count) * scale;
  return [
    `<g font-family="${escaped(theme.font)}" font-size="11" fill="${theme.text}">`,
    steered ? shaded(place, steered, theme) : "",
    bars(chart, chart.drawn, place, up, stale ? 0.2 : 0.55),
    region ? bars(chart, region, place, up, 0.8, theme.accent) : "",
    cumulative ? cumulated(chart, place, theme) : "",
    countAxis(most, place, up, log, cumulative, theme),
    valueAxis(chart, place, theme),
    marks(chart, place, theme),
    pointed ? link(place, pointed) : "",
    titled(chart, place, pointed, theme),
    "</g>",
  ].join("");
}

function bars({ edges }, counts, { across, floor }, up, opacity, colour) {
  const parts = [];
  counts.forEach((count, i) => {
    if (!count) return;
    const [from, to] = [across(edges[i]), across(edges[i + 1])];
    const wide = Math.max(to - from, 0.6);
    parts.push(`M${from.toFixed(2)} ${floor}V${up(count).toFixed(2)}h${wide.toFixed(2)}V${floor}z`);
  });
  // One path: single bars would show seams where they end between two pixels of the screen.
  return `<path d="${parts.join("")}" opacity="${opacity}"${colour ? ` fill="${colour}"` : ""}/>`;
}

function shaded({ across, floor, right }, [from, to], { accent }) {
  const [a, b] = [from, to].map(value => Math.min(right, Math.max(LEFT, across(value))));
  return `<rect x="${a}" y="${TOP}" width="${b - a}" height="${floor - TOP}" fill="${accent}" opacity="0.18"/>`;
}

function cumulated({ edges, below, sum }, { across, floor }, { accent }) {
  const points = Array.from(below, (n, i) => `${across(edges[i + 1]).toFixed(2)} ${(floor - (n / sum) * (floor - TOP)).toFixed(2)}`);
  const start = `${across(edges[0])} ${floor}`;
  return `<path class="cumulative-curve" d="M${start}L${points.join("L")}" fill="none" stroke="${accent}" stroke-width="1.5"/>`;
}

function link({ across, floor, right }, [from, to]) {
  const [a, b] = [from, to].map(value => Math.min(right, Math.max(LEFT, across(value))));
  const wide = Math.max(b - a, 2);
  const left = Math.min(a + (b - a) / 2 - wide / 2, right - 1);
  return `<rect class="link" x="${left.toFixed(2)}" y="${TOP}" width="${wide.toFixed(2)}" height="${floor - TOP}" fill="${LINK}" opacity="${wide > 4 ? 0.4 : 0.9}"/>`;
}

// The title to the left; to the right the value pointed at.
function titled(chart, { right }, pointed, theme) {
  const value = pointed ? bandText(chart, pointed) : "";
  const room = right - (value ? textWidth(value, theme, true) + 8 : 0);
  const title = shortened(chart.title, room, theme);
  const told = value ? `<text class="value" x="${right}" y="11" text-anchor="end" fill="${theme.link}" font-weight="600">${escaped(value)}</text>` : "";
  return `<text class="title" x="0" y="11" font-weight="600">${escaped(title)}</text>${told}`;
}

function shortened(text, room, theme) {
  if (textWidth(text, theme, true) <= room) return text;
  let kept = text;
  while (kept.length > 3 && textWidth(`${kept}…`, theme, true) > room) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}

const RULER = document.createElement("canvas").getContext("2d");

function textWidth(text, { font }, bold = false) {
  RULER.font = `${bold ? 600 : 400} 11px ${font}`;
  return RULER.measureText(text).width;
}
