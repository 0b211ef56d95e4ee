// Planes that the browser fetches by itself, ahead of the hand; prep_ui/slice_route.py answers.

const AHEAD = 6;
const AT_ONCE = 4; // requests on their way; a browser keeps six connections to a host
const MOST_BYTES = 96 << 20;

// Of one scan, for all viewers of the page: pictures by address, the longest unused first.
const KEPT = { ticket: null, bytes: 0, panes: new Map() };

function fetches({ head, refused }) {
  return Boolean(head.planes) && refused !== head.planes.ticket;
}

function stackAddress({ planes: { path, at }, slices: { axis } }, index) {
  return `${path}?${new URLSearchParams({ ...at, [axis]: index })}`;
}

function cutAddress({ planes: { path, at } }, across, index) {
  return `${path}?${new URLSearchParams({ ...at, across, index })}`;
}

// The picture at an address, if it is here.
function keptPlane({ head }, address) {
  if (!head.planes || KEPT.ticket !== head.planes.ticket) return undefined;
  const pane = KEPT.panes.get(address);
  if (pane) {
    KEPT.panes.delete(address);
    KEPT.panes.set(address, pane);
  }
  return pane;
}

function keep(address, pane) {
  KEPT.panes.set(address, pane);
  KEPT.bytes += pane.pixels.byteLength;
  for (const [oldest, { pixels }] of KEPT.panes) {
    if (KEPT.bytes <= MOST_BYTES || oldest === address) return;
    KEPT.panes.delete(oldest);
    KEPT.bytes -= pixels.byteLength;
  }
}

// Fetches what is not here yet, in this order; what an earlier call wanted and did not begin is forgotten.
function want(st, addresses) {
  if (!fetches(st)) return;
  const { ticket } = st.head.planes;
  if (KEPT.ticket !== ticket) Object.assign(KEPT, { ticket, bytes: 0, panes: new Map() });
  const waiting = addresses.filter(address => !KEPT.panes.has(address) && !st.requests.has(address));
  for (const address of waiting.slice(0, Math.max(0, AT_ONCE - st.requests.size))) fetchPlane(st, address);
}

async function fetchPlane(st, address) {
  const { header, ticket } = st.head.planes;
  st.requests.add(address);
  try {
    const answer = await fetch(address, { headers: { [header]: ticket } });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const [pane] = decode(new Uint8Array(await answer.arrayBuffer())).panes;
    if (ticket === KEPT.ticket) keep(address, pane);
  } catch (error) {
    console.warn(`plane: ${error.message}; the server is asked for each slice from now on`);
    st.refused = ticket;
  }
  st.requests.delete(address);
  if (!st.gone) arrivePlane(st);
}

// Either view asks for the next ones of what it wants now.
function arrivePlane(st) {
  if (st.voxel) showMeeting(st);
  else if (fetches(st)) showWanted(st);
  else if (st.wanted !== null) askForSlice(st);
}

// The indices around one, the nearest first.
function around(index, size) {
  const near = [index];
  for (let far = 1; far <= AHEAD; far++) near.push(index + far, index - far);
  return near.filter(i => i >= 0 && i < size);
}
