// Turning the slices.  Where the browser can fetch planes, the first picture follows at once and the server hears of the
// slice on which the hand rests; else it hears of one slice at a time, and when it has answered, of the last one wanted.

const NOTCH = 50; // a wheel event as long as this is one slice, however long
const FINE = 30; // CSS pixels on a touch pad for a slice
const LINE = 40; // CSS pixels in a line, where a browser counts lines
const LOST = 3000; // ms after which a slice is asked for again
const REST = 180; // ms without a turn before the server hears of it
const PAGE = 10;

function listenToSlices(st) {
  st.root.querySelector("input.slice").addEventListener("input", event => turnTo(st, Number(event.target.value)));
}

// Whole steps of a wheel or a touch pad.
function stepsOf(st, event) {
  const way = event.deltaMode === 0 ? event.deltaY : event.deltaY * LINE;
  if (Math.abs(way) >= NOTCH) {
    st.rolled = 0;
    return Math.sign(way);
  }
  st.rolled = (st.rolled ?? 0) + way;
  const steps = Math.trunc(st.rolled / FINE);
  st.rolled -= steps * FINE;
  return steps;
}

function roll(st, event) {
  const steps = stepsOf(st, event);
  if (steps) turn(st, steps);
}

function turn(st, by) {
  turnTo(st, (st.wanted ?? st.head.slices.index) + by);
}

function turnTo(st, index) {
  const { size } = st.head.slices;
  st.wanted = clamp(index, 0, size - 1);
  if (fetches(st)) {
    showWanted(st);
    clearTimeout(st.rest);
    st.rest = setTimeout(() => askForSlice(st), REST);
  } else askForSlice(st);
  schedule(st);
}

// The first picture becomes the wanted slice, if it is here; until then the last one stays.
function showWanted(st) {
  const { head, slots, wanted } = st;
  if (!head.slices || !fetches(st)) return;
  const index = wanted ?? head.slices.index;
  want(st, around(index, head.slices.size).map(i => stackAddress(head, i)));
  const own = index === head.slices.index;
  const fetched = own ? head.panes[0] : keptPlane(st, stackAddress(head, index));
  if (!fetched || st.ahead === (own ? null : index)) return;
  st.ahead = own ? null : index;
  const [slot] = slots;
  fill(slot, own ? fetched : dressed(fetched, head.panes[0]));
  describeSlot(st, slot);
  st.changed.add(slot);
  schedule(st);
}

// What a fetched plane does not say: how its picture is called here, and whether a histogram has a place below it.
function dressed(fetched, { label, histogram }) {
  const counted = histogram && fetched.histogram && { ...fetched.histogram, title: histogram.title };
  return { ...fetched, label, histogram: counted, block: null };
}

function askForSlice(st) {
  st.rest = 0;
  const { axis, index } = st.head.slices;
  if (st.asked && performance.now() - st.asked.since < LOST) return;
  if (st.wanted === index) {
    st.wanted = null;
    return;
  }
  st.asked = { index: st.wanted, since: performance.now() };
  sendToServer(st, "slice", { axis, index: st.wanted });
}

// A new picture may be the answer, or news from elsewhere: news of another slice ends the wish, other news does not.
function answerSlice(st, previous) {
  st.ahead = null;
  const { slices, answers } = st.head;
  if (!st.asked) {
    if (!st.rest || slices?.axis !== previous?.slices?.axis || slices?.index !== previous.slices.index) forgetWish(st);
  } else if (answers === st.sent || !slices) {
    const obeyed = slices?.index === st.asked.index;
    st.asked = null;
    if (!obeyed) forgetWish(st);
    else if (st.wanted !== null && !st.rest) askForSlice(st);
  }
  showWanted(st);
}

function forgetWish(st) {
  clearTimeout(st.rest);
  Object.assign(st, { rest: 0, wanted: null });
}

function setSliceLimits({ root, head: { slices } }) {
  const row = root.querySelector(".turn");
  row.hidden = !slices;
  if (!slices) return;
  row.querySelector("span").textContent = STACKS[slices.axis];
  Object.assign(row.querySelector("input"), { min: 0, max: slices.size - 1 });
}

function writeSlice(st) {
  const { head: { slices }, slots, root } = st;
  const index = st.wanted ?? slices.index;
  for (const slot of slots) {
    slot.stack.textContent = stackText(slices, indexOf(st, slot));
    slot.figure.classList.toggle("behind", isBehind(st, slot));
  }
  const [input, output] = [root.querySelector("input.slice"), root.querySelector(".slice-value")];
  if (Number(input.value) !== index) input.value = index;
  output.textContent = `${index} / ${slices.size - 1}`;
  input.setAttribute("aria-valuetext", stackText(slices, index));
  tellValue(slots, 0, slices.size - 1, index, stackText(slices, index));
}

// Which slice a picture shows; those that the server makes stay behind while the hand turns.
function indexOf({ head, slots, ahead }, slot) {
  return slot === slots[0] && ahead !== null ? ahead : head.slices.index;
}

function isBehind(st, slot) {
  return Boolean(st.head.slices) && indexOf(st, slot) !== (st.wanted ?? st.head.slices.index);
}

function sendToServer(st, name, value) {
  st.sent = Math.max(Date.now(), st.sent + 1);
  st.send(name, { ...value, at: st.sent });
}
