/** One product: its picture, its price, a way into the cart and a way to keep it in the studio. */
import { productPicture } from '../art.mjs';
import { layout } from '../layout.mjs';
import { products } from '../products.mjs';
import { euros } from '../text.mjs';

const related = (product) =>
  products
    .filter(({ slug, kind }) => slug !== product.slug && kind === product.kind)
    .map(
      (other) => `<li class="card"><a href="/products/${other.slug}">${productPicture(other)}
      <span class="card-text"><span class="card-name">${other.name}</span></span><span class="card-price">${euros(other.price)}</span></a></li>`,
    )
    .join('\n');

const buy = (product) => `<div class="buy">
  <label class="amount">Pieces <input type="number" name="pieces" value="1" min="1" max="9" data-pieces data-testid="pieces"></label>
  <button class="button" type="button" data-action="add-to-cart" data-product="${product.slug}" data-prop-product="${product.slug}" data-testid="add-to-cart">
    <span class="icon" aria-hidden="true"><svg viewBox="0 0 20 20" data-testid="add-to-cart-icon"><path d="M10 4v12M4 10h12"/></svg></span>
    <span data-label>Add to cart</span>
  </button>
  <button class="button ghost" type="button" data-reserve data-testid="reserve">
    <span class="icon" aria-hidden="true"><svg viewBox="0 0 20 20" data-testid="reserve-icon"><path d="M6 3h8v14l-4-3-4 3z"/></svg></span>
    <span data-label>Reserve in the studio</span>
  </button>
</div>`;

/** `GET /products/:slug` */
export function productPage(settings, product) {
  return layout(settings, {
    title: product.name,
    page: 'product',
    body: `<nav class="crumbs" aria-label="You are here"><a href="/#shelf">The shelf</a> <span aria-hidden="true">/</span> ${product.name}</nav>
<article class="product">
  ${productPicture(product)}
  <div class="product-text">
    <h1>${product.name}</h1>
    <p class="product-line">${product.line}</p>
    <p class="price" data-price data-testid="price">${euros(product.price)}</p>
    <p>${product.story}</p>
    ${buy(product)}
    <p class="quiet" data-cart-state aria-live="polite"></p>
    <ul class="facts">${product.facts.map((fact) => `<li>${fact}</li>`).join('')}</ul>
  </div>
</article>
<section class="shelf"><h2>Gets along with</h2><ul class="cards three">${related(product)}</ul></section>`,
  });
}
