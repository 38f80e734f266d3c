/** The orders of the demo shop: priced on the server, kept in a file when there is one. */
import { randomBytes } from 'node:crypto';
import { readJson, writeJson } from '../json-file.mjs';
import { productBySlug } from './products.mjs';
import { cents } from './text.mjs';

const piecesAtMost = 9;
const nameCharacters = 60;

/** Lines of an order from the form's field; what is not for sale is left out. */
function readItems(text) {
  let items;
  try {
    items = JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(items)) return [];
  return items
    .filter((item) => productBySlug(item?.slug) && Number.isInteger(item.pieces) && item.pieces > 0)
    .map(({ slug, pieces }) => ({ slug, pieces: Math.min(piecesAtMost, pieces) }));
}

/** Places and finds orders. */
export class OrderBook {
  #orders = new Map();
  #file;

  constructor(file) {
    this.#file = file;
    if (file) this.#orders = new Map(readJson(file));
  }

  /** The order with that id, if there is one. */
  find(id) {
    return this.#orders.get(id);
  }

  /** Places an order; undefined when nothing in it is for sale. */
  place({ name, items: text }) {
    const items = readItems(text);
    if (items.length === 0) return undefined;
    const total = items.reduce((sum, { slug, pieces }) => sum + cents(productBySlug(slug).price) * pieces, 0);
    const order = {
      id: `AC-${randomBytes(4).toString('hex').toUpperCase()}`,
      name:
        String(name ?? '')
          .trim()
          .slice(0, nameCharacters) || 'dear guest',
      items,
      total: (total / 100).toFixed(2),
    };
    this.#orders.set(order.id, order);
    if (this.#file) writeJson(this.#file, [...this.#orders]);
    return order;
  }
}
