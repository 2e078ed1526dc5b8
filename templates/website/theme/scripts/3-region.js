// What differs from country to country: the number that calls an ambulance, and the size of paper.
// The country is the one that the reader chose or, before that, the region of the browser's own
// language. The further languages of a browser say nothing of where it is: most list en-US.
const REGION = navigator.language.match(/-([A-Z]{2})\b/)?.[1];

// Where people print on US Letter: Unicode CLDR 46, supplemental data, paperSize.
const LETTER = ["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"];
const PAPER = LETTER.includes(REGION) ? "letter" : "a4";

(() => {
  // The button of a page opens the sheet on the paper that this reader's printer has.
  for (const box of document.querySelectorAll(".get-sheet")) {
    const button = box.querySelector(".button");
    const other = box.querySelector(`li a[data-paper=${PAPER}][data-text=standard]`);
    if (!other || button.dataset.paper === PAPER) continue;
    const [shown, name] = [button.querySelector("span"), other.textContent];
    const href = button.getAttribute("href");
    button.setAttribute("href", other.getAttribute("href"));
    other.setAttribute("href", href);
    other.textContent = shown.textContent;
    shown.textContent = name;
  }

  // A number stands alone, and large, only where it is sure to be the reader's own: the reader chose
  // the country, or the language of the browser and the time zone of the device both name it. A
  // guess by one of them stands first among all, since the number of another country calls no help.
  const KEY = "plainleaf.country";
  const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const words = document.querySelector(".menu")?.dataset;
  const lists = [...document.querySelectorAll("ul:has(> li > a[data-countries])")];
  if (!lists.length || !words) return;
  const countriesOf = (item) => item.firstElementChild.dataset.countries.split(" ");
  // Not every browser knows the time zones of a country; then none is taken for certain.
  const isThere = (country) => {
    const known = new Intl.Locale(`und-${country}`);
    return (known.getTimeZones?.() ?? known.timeZones ?? []).includes(ZONE);
  };
  let kept;
  try { kept = localStorage.getItem(KEY); } catch { /* then nothing is remembered */ }

  const element = (tag, className, ...inside) => {
    const made = document.createElement(tag);
    made.className = className;
    made.append(...inside);
    return made;
  };

  // Give what shows one list with the number of a country, if there is one, and tell it a choice.
  const prepared = (list, choose) => {
    const items = [...list.children];
    const find = (country) => items.find((item) => country && countriesOf(item).includes(country));
    const own = element("ul", "numbers own");
    const summary = element("summary", "", words.other);
    const choice = element("select", "", ...items.map((item) =>
      new Option(item.textContent.replace(/^\s*\d+\s*/, ""), countriesOf(item)[0])));
    const keep = element("input", "");
    keep.type = "checkbox";
    const keeping = element("label", "", keep, ` ${words.keep}`);
    const others = element("details", "folded country", summary, element("label", "", `${words.first} `, choice), keeping);
    list.before(own, others);
    choice.addEventListener("change", () => {
      choose(choice.value, keep.checked);
      summary.focus(); // what was chosen with is folded now
    });
    keep.addEventListener("change", () => choose(choice.value, keep.checked));

    return (chosen) => {
      const there = items.find((item) => countriesOf(item).some(isThere));
      const guess = there ?? find(REGION);
      const sure = find(chosen) ?? (there && there === find(REGION) ? there : undefined);
      const first = sure ?? guess;
      list.append(...[first, ...items.filter((item) => item !== first)].filter(Boolean));
      own.replaceChildren(...(sure ? [sure] : []));
      own.hidden = summary.hidden = keeping.hidden = !sure;
      if (sure) summary.after(list);
      else others.before(list);
      others.open = !sure;
      choice.value = sure ? countriesOf(sure)[0] : "";
      keep.checked = Boolean(kept);
    };
  };

  const choose = (country, isToKeep) => {
    kept = isToKeep ? country : null;
    try {
      if (kept) localStorage.setItem(KEY, kept);
      else localStorage.removeItem(KEY);
    } catch { kept = null; }
    for (const show of shown) show(country);
  };
  const shown = lists.map((list) => prepared(list, choose));
  for (const show of shown) show(kept);
})();
