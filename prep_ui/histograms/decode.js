// From payload to charts; payload.py describes the payload.

function decode(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  let at = padded(4 + length);
  const blocks = head.blocks.map(size => {
    // A copy: typed arrays need an aligned offset, and the message does not promise one.
    const block = bytes.slice(at, at + size).buffer;
    at += padded(size);
    return block;
  });
  const numbers = index => new Float64Array(blocks[index]);
  for (const chart of head.charts) {
    Object.assign(chart, { edges: numbers(chart.edges), counts: numbers(chart.counts) });
    for (const other in chart.bands) chart.bands[other] = chart.bands[other].map(numbers);
    if (chart.bins_of) chart.bins_of.pixels = new Uint8Array(blocks[chart.bins_of.block]);
    Object.assign(chart, totals(chart));
  }
  return head;
}

function padded(size) {
  return (size + 7) & ~7;
}

// What is drawn: of bins that are not equally wide, counts as if all were as wide as their median.
function totals({ edges, counts }) {
  const widths = Array.from(counts, (_, i) => edges[i + 1] - edges[i]);
  const usual = [...widths].sort((a, b) => a - b)[counts.length >> 1];
  const even = widths.every(width => Math.abs(width - usual) < 1e-6 * usual);
  const drawn = even ? counts : counts.map((count, i) => (count * usual) / widths[i]);
  let sum = 0;
  const below = counts.map(count => (sum += count));
  return { low: edges[0], high: edges[edges.length - 1], usual, even, drawn, below, sum };
}

// The bin that a value is counted in; -1 outside.  The last bin holds its upper edge too.
function binOf({ edges, counts, low, high }, value) {
  if (!(value >= low && value <= high)) return -1;
  let [from, to] = [0, counts.length - 1];
  while (from < to) {
    const middle = (from + to + 1) >> 1;
    if (edges[middle] <= value) from = middle;
    else to = middle - 1;
  }
  return from;
}

// The first and the last value of a bin.
function endsOf({ edges, whole }, bin) {
  return whole ? [Math.ceil(edges[bin]), Math.ceil(edges[bin + 1]) - 1] : [edges[bin], edges[bin + 1]];
}

// Values told so that a thousandth of the axis, or of the value, is seen.
function valueText({ low, high, unit, whole }, value) {
  if (whole && Number.isInteger(value)) return withUnit(signed(String(value)), unit);
  const range = (high - low) / 1000 || 1;
  const step = value ? Math.min(range, 10 ** (Math.floor(Math.log10(Math.abs(value))) - 2)) : range;
  return withUnit(signed(figures(value, step)), unit);
}

function bandText(chart, [from, to]) {
  const texts = [from, to].map(value => valueText({ ...chart, unit: "1" }, value));
  return withUnit(texts[0] === texts[1] ? texts[0] : texts.join(" … "), chart.unit);
}

function signed(text) {
  return text.replaceAll("-", "\u2212");
}
