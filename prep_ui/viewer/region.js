// What lies in a box or an ellipse: its count, mean and standard deviation, and its own histogram over that of the picture.

// Measured once for each box and picture; nothing for a picture in colours.
function regionOf(st, slot) {
  const { pane } = slot;
  if (!REGIONS.includes(st.tool) || !isDrawnOn(st, slot) || pane.colour) return null;
  if (slot.region?.laid !== st.laid || slot.region.pane !== pane) {
    const values = valuesIn(pane, st.tool === "ellipse" ? ellipseOn(st, slot) : boxOn(st, slot));
    slot.region = { laid: st.laid, pane, values, ...moments(values), counts: pane.histogram && countsIn(pane.histogram, values) };
  }
  return slot.region;
}

function cornersOn({ laid }, slot) {
  return [laid.start, laid.end].map(spot => carried(spot, laid.home, slot));
}

// The pixels whose centres lie between two shares of a side: the first and the last.
function between(p, q, count) {
  return [
    Math.max(0, Math.ceil(Math.min(p, q) * count - 0.5)),
    Math.min(count - 1, Math.ceil(Math.max(p, q) * count - 0.5) - 1),
  ];
}

// The rows of a region, and for each of them its first and last column.
function boxOn(st, slot) {
  const [a, b] = cornersOn(st, slot);
  const columns = between(a.u, b.u, slot.pane.cols);
  return { rows: between(a.v, b.v, slot.pane.rows), columnsOf: () => columns };
}

function ellipseOn(st, slot) {
  const [a, b] = cornersOn(st, slot);
  const { rows, cols } = slot.pane;
  const [u, v] = [(a.u + b.u) / 2, (a.v + b.v) / 2];
  const columnsOf = y => {
    const high = (2 * ((y + 0.5) / rows - v)) / (b.v - a.v);
    const reach = (Math.sqrt(Math.max(0, 1 - high * high)) * (b.u - a.u)) / 2;
    return between(u - reach, u + reach, cols);
  };
  return { rows: between(a.v, b.v, rows), columnsOf };
}

// Neither padding nor what is no finite number.
function valuesIn({ pixels, counted, cols }, { rows: [top, bottom], columnsOf }) {
  const values = [];
  for (let y = top; y <= bottom; y++) {
    const [left, right] = columnsOf(y);
    for (let i = y * cols + left; i <= y * cols + right; i++) {
      if ((!counted || counted[i]) && Number.isFinite(pixels[i])) values.push(pixels[i]);
    }
  }
  return values;
}

function moments(values) {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  return { count, mean, std: Math.sqrt(variance) };
}

// In the bins of the whole picture, of which the last one holds its upper edge too.
function countsIn({ edges: [low, high], counts }, values) {
  const found = new Array(counts.length).fill(0);
  const scale = counts.length / (high - low);
  for (const value of values) found[clamp(Math.floor((value - low) * scale), 0, counts.length - 1)]++;
  return found;
}

function regionTexts(st) {
  const old = slot => st.live && slot === st.slots.at(-1);
  return st.slots.filter(slot => regionOf(st, slot) && !old(slot)).map(slot => regionText(slot));
}

function regionText({ pane, region: { count, mean, std } }) {
  if (!count) return `${pane.label}: no pixel that counts`;
  const every = pane.stride > 1 ? ` of every ${ordinal(pane.stride)}` : "";
  const told = value => figures(value, fineStep(std || mean, pane) / 10);
  return `${pane.label}: ${grouped(count)} px${every}, mean ${withUnit(told(mean), pane.unit)}, std ${withUnit(told(std), pane.unit)}`;
}
