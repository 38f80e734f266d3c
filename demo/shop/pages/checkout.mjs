/** Cart and checkout: the cart lives in the browser, the order is a plain form that works without any script. */
import { layout } from '../layout.mjs';
import { products } from '../products.mjs';
import { scriptJson } from '../text.mjs';

const goods = () =>
  `<script type="application/json" id="goods">${scriptJson(products.map(({ slug, name, price, wall }) => ({ slug, name, price, wall })))}</script>`;

/** `GET /cart` */
export function cartPage(settings) {
  return layout(settings, {
    title: 'Cart',
    page: 'cart',
    scripts: ['cart-page'],
    body: `${goods()}<section class="narrow"><h1>Your cart</h1>
  <div data-cart-empty class="empty" hidden><p>Nothing here yet. A cup is a good beginning.</p><a class="button" href="/#shelf">To the shelf</a></div>
  <div data-cart-full hidden>
    <table class="lines"><caption class="skip">What is in the cart</caption>
      <thead><tr><th>Piece</th><th>Number</th><th class="num">Sum</th><th><span class="skip">Remove</span></th></tr></thead>
      <tbody data-lines data-testid="cart-lines"></tbody>
      <tfoot><tr><th colspan="2">Together, shipping included</th><td class="num" data-sum data-testid="cart-sum"></td><td></td></tr></tfoot>
    </table>
    <p class="actions end"><a class="quiet" href="/#shelf">Look a little longer</a>
      <a class="button" href="/checkout" data-testid="to-checkout" data-step="checkout">Go to checkout</a></p>
  </div></section>`,
  });
}

const field = ({
  name,
  label,
  type = 'text',
  autocomplete,
  wide = false,
}) => `<label class="field${wide ? ' wide' : ''}">${label}
    <input name="${name}" type="${type}" autocomplete="${autocomplete}" required data-testid="checkout-${name}"></label>`;

/** `GET /checkout` */
export function checkoutPage(settings) {
  return layout(settings, {
    title: 'Checkout',
    page: 'checkout',
    scripts: ['cart-page'],
    body: `${goods()}<section class="narrow two">
  <form id="checkout" class="checkout" action="/orders" method="post" data-testid="checkout" data-prop-step="payment">
    <h1>Checkout</h1>
    <fieldset><legend>Where to</legend>
      ${field({ name: 'name', label: 'Name', autocomplete: 'name', wide: true })}
      ${field({ name: 'email', label: 'E-mail', type: 'email', autocomplete: 'email', wide: true })}
      ${field({ name: 'street', label: 'Street and number', autocomplete: 'street-address', wide: true })}
      ${field({ name: 'postcode', label: 'Postcode', autocomplete: 'postal-code' })}
      ${field({ name: 'city', label: 'City', autocomplete: 'address-level2' })}
    </fieldset>
    <fieldset class="choices"><legend>How to pay</legend>
      <label><input type="radio" name="payment" value="invoice" checked> Invoice, 14 days</label>
      <label><input type="radio" name="payment" value="transfer"> Transfer in advance</label>
    </fieldset>
    <input type="hidden" name="items" data-items>
    <button class="button wide" type="submit" data-testid="place-order">Place the order</button>
    <p class="quiet">A demonstration: no money moves, and nothing you type leaves this machine.</p>
  </form>
  <aside class="summary"><h2>Your order</h2><ul data-summary></ul><p class="total"><span>Together</span><b data-sum data-testid="checkout-sum"></b></p></aside></section>`,
  });
}
