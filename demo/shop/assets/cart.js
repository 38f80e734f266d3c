/** The cart: pieces by product, kept in the browser. */

const place = 'alder-clay-cart';

/** What is in the cart: slug → pieces. */
export function readCart() {
  try {
    return JSON.parse(localStorage.getItem(place) ?? '{}');
  } catch {
    return {};
  }
}

/** Puts the cart away and shows its number in the header. */
export function writeCart(cart) {
  localStorage.setItem(place, JSON.stringify(cart));
  showCount();
}

/** Writes the number of pieces into the header. */
export function showCount() {
  const pieces = Object.values(readCart()).reduce((sum, number) => sum + number, 0);
  for (const element of document.querySelectorAll('[data-cart-count]')) element.textContent = String(pieces);
}
