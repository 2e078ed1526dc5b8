// The menu opens from the keyboard too; the theme has a label, which only a pointer finds.
(() => {
  const menu = document.querySelector(".menu");
  if (!menu) return;
  const state = document.querySelector("[data-md-toggle=drawer]");
  const label = document.querySelector(".md-header__button[for=__drawer]");
  if (state && label) {
    const button = document.createElement("button");
    const show = () => button.setAttribute("aria-expanded", String(state.checked));
    button.type = "button";
    button.className = "md-icon";
    button.ariaLabel = menu.dataset.menu;
    button.append(...label.childNodes);
    label.append(button);
    button.addEventListener("click", () => state.click());
    state.addEventListener("change", () => {
      show();
      if (state.checked) requestAnimationFrame(() => menu.querySelector("a")?.focus());
    });
    const shut = () => {
      state.click();
      button.focus();
    };
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && state.checked) shut();
    });
    // The drawer lies over the button that opened it: it bears a way out, and help.
    const top = document.createElement("div"), close = document.createElement("button");
    const help = document.querySelector(".md-header .help");
    top.className = "menu__top";
    close.type = "button";
    close.className = "menu__close";
    close.textContent = menu.dataset.close;
    close.addEventListener("click", shut);
    top.append(close);
    if (help) {
      top.append(help.cloneNode(true));
      top.lastChild.className = "menu__help";
    }
    menu.prepend(top);
    menu.addEventListener("click", ({ target }) => {
      if (state.checked && target.closest("a")) state.click();
    });
    show();
  }
  // A drawer that is left by the keyboard shuts: what has the focus must not lie under it.
  menu.addEventListener("focusout", (event) => {
    if (state?.checked && event.relatedTarget && !menu.contains(event.relatedTarget)) state.click();
  });
})();
