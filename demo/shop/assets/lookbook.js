/** The lookbook's router: rooms are routes made by `history.pushState`, the page is never loaded again. */

const routes = () => document.querySelectorAll('[data-route]');
const titleOf = (look) => (look ? look.dataset.title : 'Lookbook');

/** Shows the room that the address names. */
function show() {
  const slug = location.pathname.split('/')[2] ?? '';
  const looks = [...document.querySelectorAll('[data-look]')];
  const chosen = looks.find((look) => look.dataset.look === slug);
  for (const look of looks) look.hidden = look !== (chosen ?? looks[0]);
  for (const route of routes()) {
    if (route.dataset.route === slug) route.setAttribute('aria-current', 'page');
    else route.removeAttribute('aria-current');
  }
  document.querySelector('[data-look-intro]').hidden = chosen !== undefined;
  document.title = `${titleOf(chosen)} · Alder & Clay`;
}

for (const route of routes()) {
  route.addEventListener('click', (domEvent) => {
    if (domEvent.metaKey || domEvent.ctrlKey || domEvent.shiftKey) return;
    domEvent.preventDefault();
    history.pushState(null, '', route.href);
    show();
  });
}
addEventListener('popstate', show);
