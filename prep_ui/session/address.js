// The address follows the work, in place: Back leaves the page, and it is Undo that takes a change back.
export default function ({ data }) {
  const search = data.query ? `?${data.query}` : "";
  if (location.search !== search) history.replaceState(history.state, "", location.pathname + search + location.hash);
}
