/** What every page of the shop does: the cart's number, filters, buying, reserving, the newsletter. */
import { readCart, showCount, writeCart } from './cart.js';

const all = (selector) => document.querySelectorAll(selector);
const one = (selector) => document.querySelector(selector);

/** Shows only the products of one shelf. */
function filterShelf(chip) {
  for (const other of all('[data-filter]')) other.setAttribute('aria-pressed', String(other === chip));
  for (const card of all('[data-kind]')) {
    card.hidden = chip.dataset.filter !== 'all' && card.dataset.kind !== chip.dataset.filter;
  }
}

/** Puts pieces into the cart and says so on the button and below it. */
function addToCart(button) {
  const pieces = Math.max(1, Number(one('[data-pieces]')?.value) || 1);
  const cart = readCart();
  const slug = button.dataset.product;
  writeCart({ ...cart, [slug]: Math.min(9, (cart[slug] ?? 0) + pieces) });
  button.querySelector('[data-label]').textContent = 'In the cart';
  one('[data-cart-state]').textContent = 'Wrapped and waiting. You can go on looking.';
}

/** The button changes its own text while it is being clicked, as real shops do. */
function reserve(button) {
  button.querySelector('[data-label]').textContent = 'Kept until Saturday';
  button.disabled = true;
}

/** Sends the letter's form by script and thanks in its place. */
async function subscribe(domEvent) {
  domEvent.preventDefault();
  const form = domEvent.target;
  const state = form.querySelector('[data-newsletter-state]');
  const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
  state.textContent = answer.ok
    ? 'Thank you. The next kiln opens in March.'
    : 'That did not work; try again in a minute.';
  state.classList.toggle('newsletter-thanks', answer.ok);
}

function start() {
  showCount();
  for (const chip of all('[data-filter]')) chip.addEventListener('click', () => filterShelf(chip));
  for (const button of all('[data-action="add-to-cart"]')) button.addEventListener('click', () => addToCart(button));
  for (const button of all('[data-reserve]')) button.addEventListener('click', () => reserve(button));
  one('[data-hours]')?.addEventListener('click', () => {
    one('[data-hours-state]').hidden = false;
  });
  one('#newsletter')?.addEventListener('submit', subscribe);
  if (one('[data-order]')) writeCart({});
}

start();
