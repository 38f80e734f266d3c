/** What visitors do in the demo shop. Each step begins wherever the last one ended, and writes down what it did. */
import { products } from '../../demo/shop/products.mjs';
import { cents } from '../../demo/shop/text.mjs';
import type { Dice } from './dice.ts';
import type { Visitor } from './visitor.ts';

/** What a visitor has put into the cart: slug → pieces. */
type Cart = Map<string, number>;

/** A step, with the cart that the visit carries along. */
type Step = (visitor: Visitor, context: { roll: Dice; cart: Cart }) => Promise<void>;

const PIECES_AT_MOST = 9;

function productAt(roll: Dice) {
  return products[roll(products.length)]!;
}

function put(cart: Cart, slug: string): void {
  cart.set(slug, Math.min(PIECES_AT_MOST, (cart.get(slug) ?? 0) + 1));
}

const browse: Step = async (visitor, { roll }) => {
  await visitor.go(`${visitor.at.shop}/products/${productAt(roll).slug}`);
};

/** Puts pieces into the cart, by the button or the icon within, once or twice. */
const add: Step = async (visitor, { roll, cart }) => {
  const product = productAt(roll);
  await visitor.go(`${visitor.at.shop}/products/${product.slug}`);
  const target = visitor.page.getByTestId(roll(2) ? 'add-to-cart' : 'add-to-cart-icon');
  for (let clicks = 1 + roll(2); clicks > 0; clicks -= 1) {
    await target.click();
    visitor.ledger.count('add_to_cart', { cents: cents(product.price), currency: 'EUR' });
    put(cart, product.slug);
  }
  visitor.ledger.countOnce('engaged');
};

/** Clicks and is off at once: reloads, goes elsewhere, or the tab crashes. */
const addAndGo: Step = async (visitor, context) => {
  await add(visitor, context);
  const way = context.roll(3);
  if (way === 0) await visitor.reload();
  else if (way === 1) await visitor.page.goto(visitor.at.elsewhere);
  else await visitor.crash();
  if (way > 0) await visitor.go(visitor.at.shop);
};

const reserve: Step = async (visitor, { roll }) => {
  await visitor.go(`${visitor.at.shop}/products/${productAt(roll).slug}`);
  await visitor.page.getByTestId(roll(2) ? 'reserve' : 'reserve-icon').click();
  visitor.ledger.count('reserved', { cents: 500, currency: 'EUR' });
  visitor.ledger.countOnce('engaged');
};

/** Orders what is in the cart, and looks at the thank-you page once or more often. */
const order: Step = async (visitor, context) => {
  const { roll, cart } = context;
  const { page, ledger } = visitor;
  if (cart.size === 0) await add(visitor, context);
  await visitor.go(`${visitor.at.shop}/cart`);
  await visitor.shown(async () => {
    await page.getByTestId('to-checkout').click();
    await page.waitForURL(/\/checkout$/, { waitUntil: 'commit' });
  });
  ledger.count('to_checkout');
  for (const field of ['name', 'street', 'postcode', 'city']) await page.getByTestId(`checkout-${field}`).fill('Mia 1');
  await page.getByTestId('checkout-email').fill('mia@shop.example');
  await visitor.shown(async () => {
    if (roll(2)) await page.getByTestId('place-order').click();
    else await page.getByTestId('checkout-city').press('Enter');
    await page.waitForURL(/thank-you/, { waitUntil: 'commit' });
  });
  await visitor.met('order_form');
  const total = [...cart].reduce((sum, [slug, pieces]) => sum + pieces * priceOf(slug), 0);
  const paid = { cents: total, currency: 'EUR' };
  ledger.count('order_form');
  ledger.count('purchase', paid);
  ledger.countOnce('thank_you', paid);
  ledger.countOnce('engaged');
  cart.clear();
  for (let reloads = roll(3); reloads > 0; reloads -= 1) await visitor.reload();
};

function priceOf(slug: string): number {
  return cents(products.find((product) => product.slug === slug)!.price);
}

const subscribe: Step = async (visitor) => {
  await visitor.go(visitor.at.shop);
  const field = visitor.page.getByTestId('newsletter').locator('input');
  await field.fill('no address');
  await field.press('Enter');
  await field.fill('mia@shop.example');
  await field.press('Enter');
  await visitor.met('newsletter');
  visitor.ledger.count('newsletter');
  visitor.ledger.countOnce('engaged');
};

/** Routes of the lookbook, and back. */
const look: Step = async (visitor, { roll }) => {
  const { page } = visitor;
  await visitor.go(`${visitor.at.shop}/lookbook`);
  const rooms = ['table', 'window', 'evening'];
  for (let clicks = 1 + roll(3); clicks > 0; clicks -= 1) {
    const room = rooms[(clicks + roll(2)) % rooms.length]!;
    if (page.url().endsWith(room)) continue;
    await visitor.routed(() => page.getByTestId(`look-${room}`).click());
    visitor.ledger.countOnce('engaged');
  }
  if (!page.url().endsWith('/lookbook')) await visitor.routed(() => page.goBack({ waitUntil: 'commit' }));
};

const film: Step = async (visitor, { roll }) => {
  await visitor.go(`${visitor.at.shop}/stories/firing`);
  for (let clicks = 1 + roll(2); clicks > 0; clicks -= 1) {
    await visitor.page.getByTestId('play').dispatchEvent('click');
    visitor.ledger.count('film');
  }
  visitor.ledger.countOnce('engaged');
};

const scroll: Step = async (visitor) => {
  await visitor.go(`${visitor.at.shop}/stories/firing`);
  await visitor.page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await visitor.met('scrolled');
  visitor.ledger.count('scrolled');
};

/** Leaves by a link, on a network that does not wait for anybody. */
const outbound: Step = async (visitor) => {
  const { page, at } = visitor;
  await visitor.go(at.shop);
  const release = at.network.hold();
  await page.getByTestId('outbound').click();
  await page.waitForURL(at.elsewhere);
  release();
  visitor.ledger.count('outbound');
  visitor.ledger.countOnce('engaged');
  await visitor.go(at.shop);
};

/** A product in another tab, where something is put into the cart while the first tab lives on. */
const tab: Step = async (visitor, { roll, cart }) => {
  const { ledger } = visitor;
  const product = productAt(roll);
  await visitor.go(visitor.at.shop);
  const card = visitor.page.getByTestId(`product-${product.slug}`);
  const page = await visitor.opens(() => card.click({ button: 'middle' }));
  ledger.countOnce('engaged');
  await visitor.shown(() => page.waitForURL(/products/, { waitUntil: 'commit' }), { page });
  await page.getByTestId('add-to-cart').click();
  ledger.count('add_to_cart', { cents: cents(product.price), currency: 'EUR' });
  put(cart, product.slug);
  await page.close();
};

const backAndForth: Step = async (visitor, context) => {
  await browse(visitor, context);
  await visitor.go(`${visitor.at.shop}/cart`);
  await visitor.shown(() => visitor.page.goBack({ waitUntil: 'commit' }));
  await visitor.shown(() => visitor.page.goForward({ waitUntil: 'commit' }));
};

/** Steps by their names. */
export const SHOP_STEPS: Readonly<Record<string, Step>> = {
  browse,
  add,
  addAndGo,
  reserve,
  order,
  subscribe,
  look,
  film,
  scroll,
  outbound,
  tab,
  backAndForth,
};
