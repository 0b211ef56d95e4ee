// Three planes of one volume, which meet in a voxel.  The hand moves the voxel, and the browser fetches the planes; the
// server hears of the voxel in which the hand rests.

// Where the planes meet in one of the pictures.
function meetingOn({ voxel, head: { crosshair } }, { pane: { cut, cols, rows, stride } }) {
  const share = (axis, reversed, count) => {
    const index = reversed ? crosshair.size[axis] - 1 - voxel[axis] : voxel[axis];
    return (index + 0.5) / (count * stride);
  };
  return { u: share(cut.right, cut.right_reversed, cols), v: share(cut.down, cut.down_reversed, rows) };
}

// Moves the voxel to a place in one of the pictures.
function meetAt(st, { pane: { cut, cols, rows, stride } }, { u, v }) {
  const { size } = st.head.crosshair;
  const index = (share, axis, reversed, count) => {
    const i = clamp(Math.floor(share * count * stride), 0, size[axis] - 1);
    return reversed ? size[axis] - 1 - i : i;
  };
  meet(st, {
    [cut.right]: index(u, cut.right, cut.right_reversed, cols),
    [cut.down]: index(v, cut.down, cut.down_reversed, rows),
  });
}

// Moves it across one of the pictures.
function meetDeeper(st, { pane: { cut } }, by) {
  const { size } = st.head.crosshair;
  meet(st, { [cut.across]: clamp(st.voxel[cut.across] + by, 0, size[cut.across] - 1) });
}

// Moves it by pixels of one of the pictures.
function meetBeside(st, { pane: { cut } }, right, down) {
  const { size } = st.head.crosshair;
  const moved = (axis, reversed, by) => ({ [axis]: clamp(st.voxel[axis] + (reversed ? -by : by), 0, size[axis] - 1) });
  meet(st, { ...moved(cut.right, cut.right_reversed, right), ...moved(cut.down, cut.down_reversed, down) });
}

function meet(st, moved) {
  st.voxel = { ...st.voxel, ...moved };
  showMeeting(st);
  restLater(st);
  schedule(st);
}

// Nothing is sent while a button is down.
function restLater(st) {
  clearTimeout(st.rest);
  st.rest = setTimeout(() => {
    st.rest = 0;
    if (st.drag) restLater(st);
    else if (isElsewhere(st)) sendToServer(st, "crosshair", { index: st.voxel });
  }, REST);
}

function isElsewhere({ voxel, head: { crosshair } }) {
  return Object.entries(crosshair.index).some(([axis, index]) => index !== voxel[axis]);
}

// Each picture becomes the wanted plane, or the nearest to it that is here.
function showMeeting(st) {
  const near = st.slots.map(slot => planesNear(st, slot));
  const turns = Array.from({ length: 2 * AHEAD + 1 }, (_, i) => near.flatMap(list => list[i] ?? []));
  want(st, turns.flat().map(({ address }) => address));
  st.slots.forEach((slot, i) => {
    const own = st.head.panes[i];
    const wanted = st.voxel[own.cut.across];
    for (const { index, address } of near[i]) {
      if (Math.abs(index - wanted) >= Math.abs(slot.index - wanted)) break;
      const fetched = index === st.head.crosshair.index[own.cut.across] ? own : keptPlane(st, address);
      if (fetched) return showCut(st, slot, index, { ...fetched, label: own.label, low: own.low, high: own.high });
    }
  });
}

// The nearest first.
function planesNear({ head, voxel }, { pane: { cut: { across } } }) {
  const indices = around(voxel[across], head.crosshair.size[across]);
  return indices.map(index => ({ index, address: cutAddress(head, across, index) }));
}

function showCut(st, slot, index, pane) {
  fill(slot, pane);
  slot.index = index;
  describeSlot(st, slot);
  st.changed.add(slot);
  schedule(st);
}

// After news from the server: the hand knows better where it is, unless the news are of another place.
function arriveMeeting(st, previous) {
  const { crosshair, planes, answers, panes } = st.head;
  const same = previous?.crosshair && previous.planes?.ticket === planes?.ticket;
  if (!crosshair) st.voxel = null;
  else if (!same || !(st.rest || st.drag || (st.sent && answers !== st.sent))) st.voxel = { ...crosshair.index };
  if (!st.voxel) return;
  st.slots.forEach((slot, i) => (slot.index = crosshair.index[panes[i].cut.across]));
  showMeeting(st);
}

function writeCuts(st) {
  for (const slot of st.slots) {
    const { across } = slot.pane.cut;
    const most = st.head.crosshair.size[across] - 1;
    slot.stack.textContent = `${slot.index} / ${most}`;
    tellValue([slot], 0, most, st.voxel[across], `${slot.pane.label}, ${st.voxel[across]} of ${most}; ${voxelText(st)}`);
  }
}

function voxelText({ voxel }) {
  return ["X", "Y", "Z"].map(axis => `${axis.toLowerCase()} ${voxel[axis]}`).join(", ");
}

// The voxel, its position and its value: what any picture shows that is not behind.
function meetingTexts(st) {
  const slot = st.slots.find(({ index, pane }) => index === st.voxel[pane.cut.across]);
  return [voxelText(st), meetingPosition(st), slot ? valueAt(st, slot) : "fetching", meetingHint];
}

const meetingHint = "drag: crosshair   wheel: slice   ctrl + wheel: zoom";

// In patient space, else along the axes of the volume; nothing where no millimetres are known.
function meetingPosition({ voxel, head: { panes, crosshair } }) {
  const [{ place, cut }] = panes;
  if (!place?.known) return "";
  const steps = {};
  for (const { place, cut } of panes) {
    steps[cut.right] = place.right.map(part => (cut.right_reversed ? -part : part));
    steps[cut.down] = place.down.map(part => (cut.down_reversed ? -part : part));
  }
  const lengths = ["X", "Y", "Z"].map(axis => Math.sqrt(dot(steps[axis], steps[axis])));
  const first = { [cut.across]: crosshair.index[cut.across] };
  first[cut.right] = cut.right_reversed ? crosshair.size[cut.right] - 1 : 0;
  first[cut.down] = cut.down_reversed ? crosshair.size[cut.down] - 1 : 0;
  const along = axis => steps[axis].map(part => part * (voxel[axis] - first[axis]));
  const [x, y, z] = ["X", "Y", "Z"].map(along);
  const point = place.letters
    ? place.origin.map((start, i) => start + x[i] + y[i] + z[i])
    : ["X", "Y", "Z"].map((axis, i) => voxel[axis] * lengths[i]);
  const tenth = Math.min(...lengths) / 10;
  return `${place.letters ? "LPS " : ""}(${point.map(value => figures(value, tenth)).join(", ")}) mm`;
}
