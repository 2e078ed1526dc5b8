// The two choices in the bar on top: size of text and colours; and the lists there that fold.
(() => {
  const root = document.documentElement;
  for (const input of document.querySelectorAll(".display input")) {
    input.checked = input.value === (root.dataset[input.name] ?? "");
    input.addEventListener("change", () => {
      if (input.value) root.dataset[input.name] = input.value;
      else delete root.dataset[input.name];
      try {
        if (input.value) localStorage.setItem("plainleaf." + input.name, input.value);
        else localStorage.removeItem("plainleaf." + input.name);
      } catch { /* it then holds for this page only */ }
    });
  }
  for (const box of document.querySelectorAll(".display")) {
    document.addEventListener("click", (event) => {
      if (!box.contains(event.target)) box.open = false;
    });
    box.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !box.contains(event.relatedTarget)) box.open = false;
    });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      box.open = false;
      box.querySelector("summary").focus();
    });
  }
})();
