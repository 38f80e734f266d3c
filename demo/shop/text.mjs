/** Text on its way into a page: escaped, and money written as a German shop writes euros for English readers. */

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text that is safe between tags and in quoted attributes. */
export function escapeHtml(text) {
  return String(text).replace(/[&<>"']/g, (character) => entities[character]);
}

/** JSON that is safe inside a script element. */
export function scriptJson(value) {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

/** `1299.00` → `€1,299.00` */
export function euros(amount) {
  return new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' }).format(Number(amount));
}

/** Cents of a decimal string, as a whole number. */
export function cents(amount) {
  return Math.round(Number(amount) * 100);
}
