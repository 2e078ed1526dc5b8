// Menu and search open from the keyboard too; the theme has labels, which only a pointer finds.
(() => {
  const menu = document.querySelector(".menu");
  if (!menu) return;
  const toggles = {
    drawer: [menu.dataset.menu, () => menu.querySelector("a")],
    search: [menu.dataset.search, () => document.querySelector(".md-search__input")],
  };
  for (const [name, [title, first]] of Object.entries(toggles)) {
    const state = document.querySelector(`[data-md-toggle=${name}]`);
    const label = document.querySelector(`.md-header__button[for=__${name}]`);
    if (!state || !label) continue;
    const button = document.createElement("button");
    const show = () => button.setAttribute("aria-expanded", String(state.checked));
    button.type = "button";
    button.className = "md-icon";
    button.ariaLabel = title;
    button.append(...label.childNodes);
    label.append(button);
    button.addEventListener("click", () => state.click());
    state.addEventListener("change", () => {
      show();
      if (state.checked) requestAnimationFrame(() => first()?.focus());
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !state.checked) return;
      state.click();
      button.focus();
    });
    show();
  }
  // A drawer that is left by the keyboard shuts: what has the focus must not lie under it.
  menu.addEventListener("focusout", (event) => {
    const drawer = document.querySelector("[data-md-toggle=drawer]");
    if (drawer.checked && event.relatedTarget && !menu.contains(event.relatedTarget)) drawer.click();
  });
  document.querySelector(".md-search")?.setAttribute("aria-label", menu.dataset.search);
})();
