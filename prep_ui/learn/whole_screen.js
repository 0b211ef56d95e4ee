// A browser gives the whole screen only to a click on the page itself.
export default function ({ parentElement }) {
  const button = parentElement.querySelector("button");
  const tell = () => {
    button.textContent = document.fullscreenElement ? "Leave whole screen" : "Whole screen";
  };
  button.onclick = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
  document.addEventListener("fullscreenchange", tell);
  tell();
  return () => document.removeEventListener("fullscreenchange", tell);
}
