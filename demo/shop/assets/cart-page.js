/** Cart and checkout pages: lines, sums, and the cart as a field of the order form. */
import { readCart, writeCart } from './cart.js';

const goods = JSON.parse(document.querySelector('#goods').textContent);
const money = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });

const euros = (cents) => money.format(cents / 100);
const priceCents = (product) => Math.round(Number(product.price) * 100);

/** Lines of the cart, in the order of the shelf. */
function linesOf(cart) {
  return goods.filter(({ slug }) => cart[slug] > 0).map((product) => ({ ...product, pieces: cart[product.slug] }));
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function row(line) {
  const set = (pieces) => {
    writeCart({ ...readCart(), [line.slug]: pieces });
    show();
  };
  const number = element('input', { type: 'number', min: '1', max: '9', value: String(line.pieces) });
  number.setAttribute('aria-label', `Pieces of ${line.name}`);
  number.addEventListener('change', () => set(Math.min(9, Math.max(1, Number(number.value) || 1))));
  const remove = element('button', { type: 'button', className: 'link', textContent: 'Remove' });
  remove.addEventListener('click', () => set(0));
  return element(
    'tr',
    {},
    element('td', {}, element('a', { href: `/products/${line.slug}`, textContent: line.name })),
    element('td', {}, number),
    element('td', { className: 'num', textContent: euros(priceCents(line) * line.pieces) }),
    element('td', { className: 'num' }, remove),
  );
}

function show() {
  const lines = linesOf(readCart());
  const total = lines.reduce((sum, line) => sum + priceCents(line) * line.pieces, 0);
  for (const place of document.querySelectorAll('[data-sum]')) place.textContent = euros(total);
  const items = document.querySelector('[data-items]');
  if (items) items.value = JSON.stringify(lines.map(({ slug, pieces }) => ({ slug, pieces })));
  document.querySelector('[data-lines]')?.replaceChildren(...lines.map(row));
  document
    .querySelector('[data-summary]')
    ?.replaceChildren(
      ...lines.map((line) =>
        element(
          'li',
          {},
          `${line.pieces} × ${line.name}`,
          element('span', { textContent: euros(priceCents(line) * line.pieces) }),
        ),
      ),
    );
  const empty = document.querySelector('[data-cart-empty]');
  if (empty) {
    empty.hidden = lines.length > 0;
    document.querySelector('[data-cart-full]').hidden = lines.length === 0;
  }
}

show();
