// Turning the slices.  The server hears of one slice at a time; when it has answered, of the last one wanted.

const NOTCH = 50; // a wheel event as long as this is one slice, however long
const FINE = 30; // CSS pixels on a touch pad for a slice
const LINE = 40; // CSS pixels in a line, where a browser counts lines
const LOST = 3000; // ms after which a slice is asked for again
const PAGE = 10;

function roll(st, event) {
  const way = event.deltaMode === 0 ? event.deltaY : event.deltaY * LINE;
  if (Math.abs(way) >= NOTCH) {
    st.rolled = 0;
    turn(st, Math.sign(way));
    return;
  }
  st.rolled = (st.rolled ?? 0) + way;
  const slices = Math.trunc(st.rolled / FINE);
  st.rolled -= slices * FINE;
  if (slices) turn(st, slices);
}

function turn(st, by) {
  const { index, size } = st.head.slices;
  st.wanted = clamp((st.wanted ?? index) + by, 0, size - 1);
  askForSlice(st);
  schedule(st);
}

function askForSlice(st) {
  const { axis, index } = st.head.slices;
  if (st.asked && performance.now() - st.asked.since < LOST) return;
  if (st.wanted === index) {
    st.wanted = null;
    return;
  }
  st.asked = { index: st.wanted, since: performance.now() };
  sendToServer(st, "slice", { axis, index: st.wanted });
}

// A new picture may be the answer, or news from elsewhere, which ends the wish.
function answerSlice(st) {
  const { slices, answers } = st.head;
  if (st.asked && answers !== st.sent && slices) return;
  const obeyed = st.asked && slices?.index === st.asked.index;
  st.asked = null;
  if (!obeyed) st.wanted = null;
  else if (st.wanted !== null) askForSlice(st);
}

function sendToServer(st, name, value) {
  st.sent = Math.max(Date.now(), st.sent + 1);
  st.send(name, { ...value, at: st.sent });
}
