// A term opens its meaning where it stands; without this script the link leads to the same words.
(() => {
  const close = document.querySelector(".menu")?.dataset.close ?? "×";
  let opened;
  const shut = () => {
    opened?.note.remove();
    opened?.term.setAttribute("aria-expanded", "false");
    opened = undefined;
  };
  const open = (term) => {
    const note = document.createElement("span"), button = document.createElement("button");
    note.className = "meaning";
    note.append(button, ...document.querySelector(term.hash).cloneNode(true).childNodes);
    button.type = "button";
    button.textContent = "×";
    button.ariaLabel = close;
    button.addEventListener("click", () => { shut(); term.focus(); });
    term.after(note);
    term.setAttribute("aria-expanded", "true");
    opened = { term, note };
  };
  for (const term of document.querySelectorAll("a.term")) {
    term.role = "button";
    term.setAttribute("aria-expanded", "false");
    const toggle = (event) => {
      event.preventDefault();
      const again = opened?.term === term;
      shut();
      if (!again) open(term);
    };
    term.addEventListener("click", toggle);
    term.addEventListener("keydown", (event) => { if (event.key === " ") toggle(event); });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !opened) return;
    opened.term.focus();
    shut();
  });
  document.addEventListener("click", (event) => {
    if (opened && !opened.note.contains(event.target) && event.target !== opened.term) shut();
  });
})();
