/** The thank-you page: the order's value stands in the page as text, as JSON-LD and, by script, in the data layer. */
import { productPicture } from '../art.mjs';
import { layout } from '../layout.mjs';
import { productBySlug } from '../products.mjs';
import { escapeHtml, euros, scriptJson } from '../text.mjs';

const jsonLd = (order) => ({
  '@context': 'https://schema.org',
  '@type': 'Order',
  orderNumber: order.id,
  orderStatus: 'https://schema.org/OrderProcessing',
  priceCurrency: 'EUR',
  price: order.total,
});

const line = ({ slug, pieces }) => {
  const product = productBySlug(slug);
  return `<li>${productPicture(product)}<span>${product.name}<small>${pieces} × ${euros(product.price)}</small></span></li>`;
};

/** `GET /thank-you/:order` */
export function thankYouPage(settings, order) {
  return layout(settings, {
    title: 'Thank you',
    page: 'thanks',
    early: ['order'],
    head: `<script type="application/ld+json">${scriptJson(jsonLd(order))}</script>`,
    body: `<section class="narrow thanks" data-order="${escapeHtml(order.id)}" data-total="${order.total}" data-currency="EUR" data-items="${order.items.length}">
  <svg class="tick" viewBox="0 0 64 64" aria-hidden="true"><circle cx="32" cy="32" r="30"/><path d="M19 33l9 9 18-20"/></svg>
  <h1>Thank you, ${escapeHtml(order.name)}</h1>
  <p class="lead">We are wrapping it in straw already. Your order is <b data-testid="order-id">${escapeHtml(order.id)}</b>,
    together <b data-order-total data-testid="order-total">${euros(order.total)}</b>.</p>
  <ul class="wrapped">${order.items.map(line).join('\n')}</ul>
  <p class="actions"><a class="button" href="/stories/firing">How your pieces were fired</a> <a class="quiet" href="/">Back to the shelf</a></p>
</section>`,
  });
}
