// A button that only a script can serve is shown by that script.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
// Paper has no fold: what this opens for it, it folds again.
const folded = [];
addEventListener("beforeprint", () => {
  folded.push(...document.querySelectorAll("details.more:not([open])"));
  for (const each of folded) each.open = true;
});
addEventListener("afterprint", () => {
  for (const each of folded.splice(0)) each.open = false;
});
// On paper a page says from where and when it was printed: it may have changed since.
const line = document.querySelector(".printed");
addEventListener("beforeprint", () => {
  if (!line) return;
  const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long" }).format();
  line.textContent = `${line.dataset.words} ${location.href}, ${day}`;
  line.hidden = false;
});
addEventListener("afterprint", () => {
  if (line) line.hidden = true;
});
