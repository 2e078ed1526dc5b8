// The desk of a clinic that writes its own details: typed once, they stand on each sheet that is
// opened there. They are kept on this device if somebody ticks so, and sent to nobody.
// Without this script each sheet opens with lines to write on.
(() => {
  const own = document.querySelector(".desk .own");
  if (!own) return;

  const KEPT = "plainleaf.clinic"; // scripts/5-desk.js reads the choices that are kept with them
  const desk = own.closest(".desk"), keep = own.querySelector("[name=keep]");
  const inputs = [...own.querySelectorAll("input:not([type=checkbox])")];
  const forms = new Map([...desk.querySelectorAll("li[data-form]")].map((version) =>
    [version.querySelector("a").getAttribute("href"), version.dataset.form]));

  const textOf = (input) => input.value.normalize("NFC").replace(/\s+/g, " ").trim();
  const typed = () => new Map(inputs.map((input) => [input.name, textOf(input)]).filter(([, text]) => text));
  const labelOf = (name) => own.querySelector(`label[for="${name}"]`).textContent;
  const say = (name, values = {}) =>
    own.dataset[name].replace(/\{(\w+)\}/g, (_, place) => values[place]);

  // As gently as the build: a number with its country or without, and whatever words stand behind it.
  const faultOf = (input) => {
    const text = textOf(input).normalize("NFKC");
    if (input.type !== "tel" || !text) return "";
    const count = text.match(/\p{Nd}/gu)?.length ?? 0;
    if (!/^[\p{Nd}+(]/u.test(text)) return say("numberStart");
    return count < 2 || count > 22 ? say("numberDigits") : "";
  };

  const judge = (input) => {
    const fault = faultOf(input), place = document.getElementById(`${input.name}-fault`);
    if (place.textContent !== fault) place.textContent = fault;
    input.setAttribute("aria-invalid", String(Boolean(fault)));
    return !fault;
  };

  const store = () => {
    const note = own.querySelector(".note");
    note.textContent = "";
    try {
      if (!keep.checked) return localStorage.removeItem(KEPT);
      const chosen = desk.querySelectorAll(".choices input:checked");
      const choices = Object.fromEntries([...chosen].map(({ name, value }) => [name, value]));
      localStorage.setItem(KEPT, JSON.stringify({ details: Object.fromEntries(typed()), choices }));
    } catch {
      if (keep.checked) note.textContent = say("notKept");
      keep.checked = false;
    }
  };

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(KEPT))?.details ?? {};
    } catch {
      return {}; // a browser may forbid it
    }
  };

  const link = (textContent, href, more = {}) =>
    Object.assign(document.createElement("a"), { textContent, href, ...more });

  const why = (error) => {
    const { why: name, field, signs } = error;
    return name ? say(name, { field: labelOf(field), signs }) : say("failed");
  };

  // Fill the form of a sheet and open it; where that cannot be, say so and offer the sheet as it is.
  const open = async (address, card) => {
    const answer = card.querySelector(".answer"), isRtl = card.querySelector("[dir]").dir === "rtl";
    answer.replaceChildren(say("wait"));
    try {
      const [{ fill }, response] = await Promise.all([import("./fill.js"), fetch(forms.get(address))]);
      if (!response.ok) throw new Error(response.statusText);
      const pdf = await fill(await response.arrayBuffer(), typed(), isRtl);
      const filled = URL.createObjectURL(new Blob([pdf], { type: "application/pdf" }));
      const download = address.split("/").pop();
      const again = link(say("open"), filled, { target: "_blank" });
      answer.replaceChildren(say("ready"), " ", again, " ", link(say("save"), filled, { download }));
      window.open(filled, "_blank"); // a browser that refuses leaves the two links
    } catch (error) {
      answer.replaceChildren(why(error), " ", link(say("lines"), address, { className: "lines" }));
    }
  };

  const clicked = (event) => {
    const sheet = event.target.closest("a:not(.lines)"), address = sheet?.getAttribute("href");
    if (event.button > 1 || !forms.has(address) || !typed().size) return;
    event.preventDefault();
    const wrong = inputs.filter((input) => !judge(input));
    if (wrong.length) {
      own.open = true;
      wrong[0].focus();
    } else open(address, sheet.closest(".handout"));
  };

  const kept = Object.entries(read());
  for (const [name, text] of kept) {
    const input = inputs.find((each) => each.name === name);
    if (input) input.value = text;
  }
  keep.checked = kept.length > 0;
  own.open = !kept.length;
  const whose = () => { own.querySelector(".whose").textContent = textOf(inputs[0]); };
  whose();

  desk.addEventListener("click", clicked);
  desk.addEventListener("auxclick", clicked); // the middle button
  desk.addEventListener("change", ({ target }) => {
    if (inputs.includes(target)) judge(target);
    if (keep.checked || target === keep) store();
    whose();
  });
})();
