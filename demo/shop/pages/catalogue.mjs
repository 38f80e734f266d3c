/** The shop's first page: a room, the shelf, and what the shop promises. */
import { productPicture, roomPicture } from '../art.mjs';
import { layout } from '../layout.mjs';
import { products } from '../products.mjs';
import { euros } from '../text.mjs';

const card = (product) => `<li class="card" data-kind="${product.kind}">
  <a href="/products/${product.slug}" data-testid="product-${product.slug}">
    ${productPicture(product)}
    <span class="card-text"><span class="card-name">${product.name}</span><span class="card-line">${product.line}</span></span>
    <span class="card-price">${euros(product.price)}</span>
  </a>
</li>`;

const promises = [
  ['Made by three people', 'Everything is thrown, turned and packed within forty metres.'],
  ['Mended for life', 'Send it back broken; it comes back with a golden seam.'],
  ['Shipped in straw', 'No plastic since 2016. The goats of the neighbour take returns.'],
];

const hero = () => `<section class="hero">
  <div class="hero-text">
    <p class="kicker">Stoneware, wood and light</p>
    <h1>Things for<br>unhurried rooms</h1>
    <p class="lead">Alder &amp; Clay is a small studio by the Baltic Sea. We make eight things, and we make them well.</p>
    <p class="actions">
      <a class="button" href="#shelf" data-testid="hero-shelf">See the shelf</a>
      <button class="button ghost" type="button" data-testid="hero-hours" data-hours>
        <span class="icon" aria-hidden="true"><svg viewBox="0 0 20 20" data-testid="hero-hours-icon"><circle cx="10" cy="10" r="8"/><path d="M10 5v5l3.5 2"/></svg></span>
        <span>Visit the studio</span>
      </button>
    </p>
    <p class="quiet" data-hours-state hidden>Open Thursday to Saturday, 11 to 6. The kettle is on.</p>
  </div>
  ${roomPicture({
    wall: 'sand',
    label: 'A stool with a teapot and a cup beside a tall vase, in the light of a round window',
    placed: [
      ['three-leg-stool', 250, 186, 1.08],
      ['hearth-teapot', 306, 152, 0.6],
      ['dawn-cup', 442, 216, 0.36],
      ['quiet-vase', 20, 140, 1.22],
      ['linen-throw', 546, 232, 0.92],
    ],
  })}
</section>`;

/** `GET /` */
export function cataloguePage(settings) {
  return layout(settings, {
    title: 'Things for unhurried rooms',
    page: 'shop',
    body: `${hero()}
<section id="shelf" class="shelf">
  <div class="shelf-head"><h2>The shelf</h2>
    <div class="chips" role="group" aria-label="Show">
      <button type="button" class="chip" data-filter="all" aria-pressed="true">Everything</button>
      <button type="button" class="chip" data-filter="table" aria-pressed="false" data-testid="filter-table">Table</button>
      <button type="button" class="chip" data-filter="room" aria-pressed="false">Room</button>
    </div>
  </div>
  <ul class="cards">${products.map(card).join('\n')}</ul>
</section>
<section class="promises" data-promises data-testid="promises" aria-label="What we promise">
  ${promises.map(([title, text]) => `<div><h3>${title}</h3><p>${text}</p></div>`).join('\n  ')}
</section>`,
  });
}
