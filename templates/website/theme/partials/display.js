// Before anything is drawn: how this reader wants to see the pages, and the fonts that they need.
document.documentElement.classList.remove("no-js");
for (const choice of ["text", "colours"]) {
  try {
    const kept = localStorage.getItem("plainleaf." + choice);
    if (kept) document.documentElement.dataset[choice] = kept;
  } catch { /* a browser may forbid it: the page is then shown as the device wants it */ }
}
// From a folder no browser fetches a font ahead of time; the style sheet brings it all the same.
if (location.protocol !== "file:") {
  for (const href of document.currentScript.dataset.fonts.trim().split(" ")) {
    const font = { rel: "preload", as: "font", type: "font/woff2", crossOrigin: "", href };
    document.head.append(Object.assign(document.createElement("link"), font));
  }
}
