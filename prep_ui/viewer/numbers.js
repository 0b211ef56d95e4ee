// How numbers are written, in the viewer and in the histograms.

// Digits after the point that tell apart values `step` apart.
function digitsOf(step) {
  return Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
}

function figures(value, step) {
  if (Number.isNaN(value)) return "no value";
  if (!Number.isFinite(value)) return value > 0 ? "infinite" : "-infinite";
  if (step < 1e-4 || Math.abs(value) >= 1e7) return value === 0 ? "0" : value.toExponential(2);
  const text = value.toFixed(digitsOf(step));
  return Number(text) === 0 ? text.replace("-", "") : text;
}

function rangeText(low, high, unit) {
  const step = (high - low) / 1000 || 1;
  const short = value => figures(value, step).replace(/(\.\d*?)0+(?=e|$)/, "$1").replace(/\.(?=e|$)/, "");
  return withUnit(`${short(low)} to ${short(high)}`, unit);
}

// Like 53 214: groups of three, as the axis of a paper has them.
function grouped(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, "\u2009");
}

function withUnit(text, unit) {
  return unit && unit !== "1" ? `${text} ${unit}` : text;
}

// A round step (1, 2 or 5 times a power of ten) that divides `span` into at most `most` parts.
function roundStep(span, most) {
  const raw = span / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 5, 10].find(factor => factor * power >= raw * (1 - 1e-9)) * power;
}
