// The handouts page: what is chosen decides which cards are shown, and which sheet each one opens.
// Without this script the page lists every sheet.
(() => {
  const desk = document.querySelector(".desk");
  if (!desk) return;

  const controls = [...desk.querySelectorAll(".choices :is(input, select)")];
  const shown = desk.querySelector(".shown");
  const cards = [...desk.querySelectorAll(".handout")];
  const made = new URLSearchParams(); // what somebody chose, and so what the address names

  // Set a choice, and tell whether there is such a choice: an address may name anything.
  const choose = (name, value) => controls.some((control) => {
    if (control.name !== name) return false;
    if (control.type !== "radio") {
      const known = [...control.options].some((option) => option.value === value);
      if (known) control.value = value;
      return known;
    }
    if (control.value === value) control.checked = true;
    return control.value === value;
  });

  const offer = (card, version) => {
    const { src, width, height } = version.dataset;
    const link = version.querySelector("a");
    const picture = card.querySelector("img");
    if (picture.getAttribute("src") !== src) Object.assign(picture, { src, width, height });
    const open = card.querySelector(".open a");
    open.setAttribute("href", link.getAttribute("href"));
    open.querySelector("span").replaceChildren(...link.cloneNode(true).childNodes);
    const weight = version.querySelector("span").cloneNode(true);
    card.querySelector(".weight").replaceChildren(...weight.childNodes);
  };

  const show = () => {
    const wanted = controls.filter((control) => control.value && (control.type !== "radio" || control.checked));
    const fits = (item, passed) => wanted.every(({ name, value }) =>
      name === passed || item.dataset[name] === value);
    for (const card of cards) {
      const versions = [...card.querySelectorAll("li")];
      // A clinic that prints on another paper only is better than none.
      const version = versions.find((item) => fits(item)) ?? versions.find((item) => fits(item, "paper"));
      card.hidden = !version;
      if (version) offer(card, version);
    }
    for (const section of desk.querySelectorAll("section")) {
      section.hidden = !section.querySelector(".handout:not([hidden])");
    }
    const count = cards.filter((card) => !card.hidden).length;
    shown.textContent = count === 0 ? shown.dataset.none : shown.dataset.some
      .replace("{count}", count).replace("{all}", cards.length);
  };

  choose("paper", PAPER); // see 3-region.js
  choose("language", document.documentElement.lang);
  if (desk.dataset.firstClinic) choose("clinic", desk.dataset.firstClinic);
  try {
    const kept = JSON.parse(localStorage.getItem("plainleaf.clinic")); // see 7-details.js
    for (const [name, value] of Object.entries(kept?.choices ?? {})) choose(name, value);
  } catch { /* a browser may forbid it */ }
  for (const [said, value] of new URLSearchParams(location.search)) {
    const name = said === "text" ? "print" : said; // as addresses of old call it
    if (choose(name, value)) made.set(name, value);
  }
  // On a phone what few need is folded, so that the sheets come sooner.
  desk.querySelector(".how").open = matchMedia("(min-width: 44rem)").matches;
  show();
  desk.classList.add("ready");

  desk.querySelector(".choices").addEventListener("change", ({ target }) => {
    // All languages and all clinics are a choice, too: at first only one of them is shown.
    if (target.value || target.name === "language" || target.name === "clinic") made.set(target.name, target.value);
    else made.delete(target.name);
    const query = String(made) && `?${made}`;
    history.replaceState(null, "", location.pathname + query + location.hash);
    show();
  });
})();
