// Pages that are opened from a clinic's own desk name that clinic in their address. "Call your
// clinic" then has the clinic's numbers, as links. Nothing is kept.
(() => {
  const asked = new URLSearchParams(location.search).get("clinic");
  const slug = document.querySelector(".desk[data-clinic]")?.dataset.clinic ?? asked ?? "";
  const home = document.querySelector(".home");
  if (!/^[\w-]+$/.test(slug) || !home) return;
  const root = new URL(".", home.href).href;
  for (const link of document.querySelectorAll("a[href]")) {
    const isPage = link.href.startsWith(root) && /\.html$/.test(link.pathname);
    if (!isPage || link.pathname === location.pathname) continue;
    const address = new URL(link.href);
    address.searchParams.set("clinic", slug);
    link.href = address;
  }
  const card = document.querySelector(".admonition.today");
  if (!card || !asked) return;
  fetch(`${root}handouts/${slug}/index.html`).then((response) => {
    if (!response.ok) throw new Error(response.statusText);
    return response.text();
  }).then((html) => {
    const numbers = new DOMParser().parseFromString(html, "text/html").querySelector(".desk address");
    if (numbers) card.querySelector("h2").after(document.importNode(numbers, true));
  }).catch(() => { /* the card says where the numbers are */ });
})();
