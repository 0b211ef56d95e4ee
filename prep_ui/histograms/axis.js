// The axes of a histogram, and the named values on it.

function countAxis(most, { floor, right }, up, log, cumulative, theme) {
  const counts = log ? powers(most) : [Math.round(most / 2), Math.round(most)];
  let last = floor;
  const ticks = counts.map(count => {
    const y = up(count);
    if (last - y < 11 || y < TOP + 3) return "";
    last = y;
    return `<path d="M${LEFT - 3} ${y.toFixed(1)}H${LEFT}" stroke="${theme.text}"/><text x="${LEFT - 5}" y="${(y + 3.5).toFixed(1)}" text-anchor="end" font-size="9">${shortCount(count)}</text>`;
  });
  const name = log ? "voxels, log" : "voxels";
  const middle = (TOP + floor) / 2;
  const share = cumulative
    ? `<text x="${right}" y="${TOP + 9}" text-anchor="end" font-size="9" fill="${theme.accent}">100 %</text>`
    : "";
  return `${ticks.join("")}<text transform="translate(8 ${middle}) rotate(-90)" text-anchor="middle" font-size="10">${name}</text>${share}`;
}

function powers(most) {
  const found = [];
  for (let power = 1; power <= most; power *= 10) found.push(power);
  return found;
}

function shortCount(count) {
  for (const [size, letter] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
    if (count >= size) return `${Number((count / size).toPrecision(2))}${letter}`;
  }
  return String(count);
}

// Round values, and at the right end the unit.
function valueAxis({ low, high, unit }, { across, floor, height, right }, theme) {
  const name = unit === "1" ? "" : unit;
  const free = right - (name ? textWidth(name, theme) + 8 : 0);
  const step = roundStep(high - low, Math.max(2, (right - LEFT) / 58));
  const ticks = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n++) {
    const x = across(n * step);
    const text = signed(figures(n * step, step));
    const half = textWidth(text, theme) / 2;
    ticks.push(`<path d="M${x.toFixed(1)} ${floor}v3" stroke="${theme.text}"/>`);
    const middle = Math.min(x, name ? x : right + RIGHT - half);
    if (middle + half <= free + (name ? 0 : RIGHT)) ticks.push(`<text x="${middle.toFixed(1)}" y="${height - 4}" text-anchor="middle">${text}</text>`);
  }
  const line = `<path d="M${LEFT} ${floor}H${right}" stroke="${theme.text}"/>`;
  return `${line}${ticks.join("")}<text x="${right}" y="${height - 4}" text-anchor="end">${escaped(name)}</text>`;
}

// Lines at the named values, with those labels that do not touch: of the noise first, then of percentiles as they come.
function marks(chart, { across, floor, right }, theme) {
  const rank = { floor: 0, percentile: 1, decade: 2 };
  const inside = chart.marks.filter(({ value }) => value >= chart.low && value <= chart.high);
  const taken = [];
  return inside
    .sort((a, b) => rank[a.kind] - rank[b.kind])
    .map(({ label, value, kind }) => {
      const x = across(value);
      const half = textWidth(label, theme) / 2;
      const middle = Math.min(Math.max(x, half), right + RIGHT - half);
      const free = taken.every(([from, to]) => middle + half + 4 < from || middle - half - 4 > to);
      if (free) taken.push([middle - half, middle + half]);
      // Unnamed decades near 0 would stand side by side as a grey block.
      if (!free && kind === "decade") return "";
      const dash = { floor: "", percentile: "2 2", decade: "1 3" }[kind];
      const line = `<path d="M${x.toFixed(1)} ${TOP - 2}V${floor}" stroke="${theme.text}" stroke-dasharray="${dash}"/>`;
      const text = `<text class="mark" x="${middle.toFixed(1)}" y="${TOP - 5}" text-anchor="middle">${escaped(label)}</text>`;
      return line + (free ? text : "");
    })
    .join("");
}
