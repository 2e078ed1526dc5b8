// The page on which people look up a code: what they typed leads to its page, or is answered here.
// The rules are those of plainleaf/records/codes.py. Without this script the page lists every code.
(() => {
  const form = document.querySelector(".lookup");
  if (!form) return;

  const { alphabet, half, length } = form.dataset, places = form.dataset.places.split(" ");
  const field = form.querySelector("input"), answer = form.querySelector(".answer");
  const plain = (text) => text.normalize("NFKC").toUpperCase()
    .replace(/[٠-٩۰-۹]/g, (digit) => digit.codePointAt(0) & 15)
    .replace(/[^\p{L}\p{N}]/gu, "");
  const known = new Map([...document.querySelectorAll(".codes li a")].map((link) =>
    [plain(link.textContent), link]));

  // Say a phrase of words.yml; what stands for its {places} may be an element.
  const say = (name, values = {}) => {
    const line = document.createElement("p");
    for (const piece of form.dataset[name].split(/\{(\w+)\}/)) line.append(values[piece] ?? piece);
    answer.append(line);
  };
  const link = (textContent, href) =>
    Object.assign(document.createElement("a"), { textContent, href });

  const isSound = (signs) => signs.reduce((sum, sign, at) =>
    sum + (at + 1) * alphabet.indexOf(sign), 0) % alphabet.length === 0;

  // The known codes from which signs differ by one (its place, from 1) or by two swapped (0).
  const slips = (signs) => [...known.keys()].sort().flatMap((code) => {
    const differ = signs.map((_, at) => at).filter((at) => signs[at] !== code[at]);
    const [one, two] = differ;
    if (differ.length === 1) return [{ code, place: one + 1 }];
    const swapped = signs[one] === code[two] && signs[two] === code[one];
    return differ.length === 2 && swapped ? [{ code, place: 0 }] : [];
  });

  const judge = (signs) => {
    const foreign = [...new Set(signs)].filter((sign) => !alphabet.includes(sign));
    const missing = length - signs.length;
    if (!signs.length) return say("nothing");
    if (foreign.length) say("foreign", { signs: foreign.join(" ") });
    if (missing > 0) return say("missing", { count: missing });
    if (missing < 0) return say("more", { count: -missing });
    const found = slips(signs);
    for (const { code, place } of found) {
      const right = known.get(code);
      const meant = link(right.textContent, right.href);
      meant.dir = "ltr";
      say(place ? "slip" : "swap", { place: places[place - 1], code: meant });
    }
    if (found.length || foreign.length) return;
    if (!isSound(signs)) say("wrong");
    const edition = document.getElementById(signs.slice(0, half).join(""));
    if (edition) {
      const name = `${edition.dataset.title}. ${edition.querySelector("summary").textContent}`;
      const sheet = link(name.replace(/\s+/g, " ").trim(), `#${edition.id}`);
      sheet.addEventListener("click", () => { edition.open = true; });
      say("knownHalf", { sheet });
    } else if (isSound(signs)) say("unknown");
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer.replaceChildren();
    const signs = [...plain(field.value)];
    const found = known.get(signs.join(""));
    if (found) location.assign(found.href);
    else judge(signs);
    field.setAttribute("aria-invalid", String(!found));
  });
})();
