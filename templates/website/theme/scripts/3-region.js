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

  // The reader's own number stands alone and large; the others fold below it.
  const KEY = "plainleaf.country";
  const words = document.querySelector(".menu")?.dataset;
  const list = document.querySelector("ul:has(> li > a[data-countries])");
  if (!list || !words) return;
  const items = [...list.children];
  const find = (country) => items.find((item) =>
    country && item.firstElementChild.dataset.countries.split(" ").includes(country));
  const codeOf = (item) => item.firstElementChild.dataset.countries.split(" ")[0];
  let kept;
  try { kept = localStorage.getItem(KEY); } catch { /* then nothing is remembered */ }

  const own = document.createElement("ul");
  own.className = "numbers own";
  list.before(own);
  const others = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = words.other;
  others.className = "folded";
  others.append(summary);
  list.before(others);
  others.append(list);

  const choice = document.createElement("select");
  for (const item of items) {
    const name = item.textContent.replace(/^\s*\d+\s*/, "");
    choice.append(new Option(name, codeOf(item)));
  }
  const keep = document.createElement("input");
  keep.type = "checkbox";
  keep.checked = Boolean(kept);
  const label = (text, field) => {
    const element = document.createElement("label");
    element.append(...(field === keep ? [field, ` ${text}`] : [`${text} `, field]));
    others.append(element);
  };
  label(words.first, choice);
  label(words.keep, keep);

  const show = (item) => {
    list.append(...items.filter((each) => each !== item));
    own.replaceChildren(...(item ? [item] : []));
    others.open = !item;
    choice.value = item ? codeOf(item) : "";
  };
  const remember = () => {
    try {
      if (keep.checked && choice.value) localStorage.setItem(KEY, choice.value);
      else localStorage.removeItem(KEY);
    } catch { keep.checked = false; }
  };
  choice.addEventListener("change", () => { show(find(choice.value)); remember(); });
  keep.addEventListener("change", remember);
  show(find(kept) ?? find(REGION));
})();
