// The search: a button opens it, and only then are the words of the pages fetched, with MiniSearch,
// which finds them. What is fetched is a script, since no browser fetches data from a folder.
(() => {
  const dialog = document.querySelector(".search"), button = document.querySelector(".search-button");
  if (!dialog?.showModal) return;

  const field = dialog.querySelector("input"), said = dialog.querySelector(".search__said");
  const found = dialog.querySelector(".search__found"), ways = dialog.querySelector(".search__ways");
  const asked = dialog.querySelector(".search__asked");
  const language = document.documentElement.lang;
  const MOST_SECTIONS = 3, LONGEST = 220; // of a page; letters of the line shown
  const GOOD = 0.4; // so well, beside the best, must a page fit that lacks a word

  // Scripts that put no spaces between words: each letter counts as one (Unicode, UAX 29).
  const UNPARTED = "[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Thai}\\p{sc=Laoo}\\p{sc=Mymr}\\p{sc=Khmr}]";
  // Within a word may stand a joiner, as in Persian: U+200C and U+200D.
  const WORD = new RegExp(`${UNPARTED}|(?:(?!${UNPARTED})[\\p{L}\\p{N}\\p{M}\\u200c\\u200d])+`, "gu");
  // Nobody types capital letters, accents, or the points of Arabic and Hebrew, to find something.
  const plain = (word) => word.toLowerCase().normalize("NFKD")
    .replace(/[\p{sc=Zinh}\u0591-\u05c7]/gu, "");
  const wordsIn = (text) => [...text.matchAll(WORD)].map(([word]) => plain(word)).filter(Boolean);

  // Words such as "is" and "my" stand everywhere: they count only where nothing else is typed.
  const common = new Set(wordsIn(dialog.dataset.common));
  const toFind = (typed) => {
    const words = [...new Set(wordsIn(typed))], telling = words.filter((word) => !common.has(word));
    return telling.length ? telling : words;
  };

  const fetched = (address) => new Promise((done, failed) => {
    const script = document.createElement("script");
    script.addEventListener("load", done);
    script.addEventListener("error", failed);
    script.src = address;
    document.head.append(script);
  });

  // What finds words in the parts of pages: each section is one, and so is each of the words that
  // people type for a page.
  const prepared = async () => {
    await Promise.all([fetched(dialog.dataset.engine), fetched(dialog.dataset.index)]);
    const known = new Set(), parts = [];
    for (const page of searchIndex) {
      for (const [section, title, lines] of page.parts) {
        parts.push({ id: parts.length, page, section, title: section ? title : page.title, lines });
      }
      for (const words of page.words) {
        parts.push({ id: parts.length, page, words, needs: new Set(wordsIn(words)).size });
      }
    }
    const engine = new MiniSearch({
      fields: ["words", "title", "lines"],
      tokenize: wordsIn,
      processTerm: (word) => { known.add(word); return word; },
      searchOptions: {
        boost: { words: 12, title: 4 },
        boostDocument: (id) => parts[id].page.isGlossary ? 0.3 : 1,
        processTerm: (word) => word,
      },
    });
    engine.addAll(parts);
    return { engine, known, parts };
  };

  // Give the parts that one word leads to, and whether it stands there as it was typed. A word that
  // stands nowhere is taken for those that differ by a slip of the finger or have it inside.
  const partsWith = ({ engine, known }, word) => {
    const exact = engine.search(word, { prefix: word.length > 1 });
    if (exact.length) return [exact, true];
    const longer = word.length > 2 ? [...known].filter((other) => other.includes(word)) : [];
    const fuzzy = word.length > 3 ? 0.25 : false;
    return [engine.search({ queries: [word, ...longer] }, { fuzzy, maxFuzzy: 2 }), false];
  };

  // Give the pages that hold all words typed, or fit nearly as well as the best one, the best first;
  // and the words that no page has as they were typed. A page is as good as the best of its parts
  // and what each word finds in any of them.
  const search = (index, typed) => {
    const words = toFind(typed), near = [], hits = new Map(), pages = new Map();
    for (const word of words) {
      const [parts, isExact] = partsWith(index, word);
      if (parts.length && !isExact) near.push(word);
      for (const { id, score, terms } of parts) {
        const hit = hits.get(id) ?? { part: index.parts[id], score: 0, words: new Map(), terms: new Set() };
        hit.score += score;
        hit.words.set(word, score);
        for (const term of terms) hit.terms.add(term);
        hits.set(id, hit);
      }
    }
    for (const hit of hits.values()) {
      if (hit.words.size < hit.part.needs) continue; // of several words all must be typed
      const page = pages.get(hit.part.page) ?? { page: hit.part.page, hits: [], words: new Map() };
      page.hits.push(hit);
      for (const [word, score] of hit.words) page.words.set(word, Math.max(score, page.words.get(word) ?? 0));
      pages.set(hit.part.page, page);
    }
    const byScore = (a, b) => b.score - a.score, best = [...pages.values()];
    for (const page of best) {
      page.score = page.hits.sort(byScore)[0].score;
      for (const score of page.words.values()) page.score += score;
    }
    best.sort(byScore);
    const fits = (page) => page.words.size === words.length || page.score > GOOD * best[0].score;
    return { near, pages: best.filter(fits) };
  };

  const element = (tag, ...inside) => {
    const made = document.createElement(tag);
    made.append(...inside);
    return made;
  };

  // Write a text with the words that were found marked.
  const marked = (text, terms) => {
    const pieces = [];
    let end = 0;
    for (const match of text.matchAll(WORD)) {
      if (!terms.has(plain(match[0]))) continue;
      pieces.push(text.slice(end, match.index), element("mark", match[0]));
      end = match.index + match[0].length;
    }
    return [...pieces, text.slice(end)];
  };

  // The line with most of the words, cut around the first of them if it is long.
  const lineOf = ({ part, terms }) => {
    const count = (line) => new Set(wordsIn(line).filter((word) => terms.has(word))).size;
    const lines = part.lines.split("\n");
    const line = lines.reduce((best, other) => count(other) > count(best) ? other : best);
    if (line.length <= LONGEST) return line;
    const first = [...line.matchAll(WORD)].find(([word]) => terms.has(plain(word)))?.index ?? 0;
    const start = first < LONGEST / 2 ? 0 : line.indexOf(" ", first - LONGEST / 2) + 1;
    const end = line.lastIndexOf(" ", start + LONGEST);
    return (start ? "… " : "") + line.slice(start, end > first ? end : start + LONGEST) + " …";
  };

  const link = (address, text, terms) => {
    const made = element("a", ...marked(text, terms));
    made.href = new URL(`../${address}`, new URL(dialog.dataset.index, document.baseURI));
    return made;
  };

  const shown = ({ page, hits }) => {
    const terms = new Set(hits.flatMap((hit) => [...hit.terms]));
    const item = element("li", link(page.at, page.title, terms));
    // Of a page that is about it as a whole, its description: a line might have the words by chance.
    const line = hits[0].part.section ? lineOf(hits[0]) : page.parts[0][2].split("\n")[0];
    if (line) item.append(element("p", ...marked(line, terms)));
    const wanted = [...hits[0].words.keys()];
    const sections = hits.filter((hit) => hit.part.section && wanted.every((word) => hit.words.has(word)))
      .slice(0, MOST_SECTIONS);
    if (sections.length) item.append(element("ul", ...sections.map(({ part }) =>
      element("li", link(`${page.at}#${part.section}`, part.title, terms)))));
    return item;
  };

  // Show what was found, or what else there is: as long as nothing is typed, what people often ask.
  const show = (text, items = [], isLost = false) => {
    said.textContent = text;
    found.replaceChildren(...items);
    found.hidden = !items.length;
    ways.hidden = !isLost;
    if (asked) asked.hidden = items.length > 0 || (!isLost && text !== "");
  };

  let index, isBroken = false;
  const look = () => {
    if (!wordsIn(field.value).length) return show("");
    if (isBroken) return show(dialog.dataset.fails, [], true);
    if (!index) return show(dialog.dataset.waits);
    const { near, pages } = search(index, field.value);
    if (!pages.length) return show(dialog.dataset.none, [], true);
    const like = near.length ? `${dialog.dataset.near} ${near.join(", ")}. ` : "";
    const count = pages.length.toLocaleString(language);
    show(`${like}${dialog.dataset.found} ${count}`, pages.map(shown));
  };

  const prepare = async () => {
    try {
      index ??= await prepared();
      isBroken = false;
    } catch {
      isBroken = true;
    }
    look();
  };

  const open = () => {
    dialog.showModal();
    field.select();
    if (!index) prepare();
  };

  button.hidden = false;
  button.addEventListener("click", open);
  field.addEventListener("input", look);
  dialog.querySelector(".search__close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog || target.closest("a")) dialog.close();
  });
  // Arrows walk from the field through all that can be opened; Enter in the field leaves it.
  dialog.addEventListener("keydown", (event) => {
    const links = [...dialog.querySelectorAll("a")].filter((one) => one.checkVisibility());
    const places = [field, ...links], at = places.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: at === 0 ? 1 : 0 }[event.key];
    if (!step || at < 0 || event.isComposing) return;
    event.preventDefault();
    places[at + step]?.focus();
  });

  // An address may ask for a search, as the page for lost readers does.
  const wanted = new URLSearchParams(location.search).get("q");
  if (wanted !== null) {
    field.value = wanted;
    open();
  }
})();
