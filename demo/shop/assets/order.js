/** The thank-you page's data layer and purchase event. It runs before the tracker arrives: the call waits in its queue. */
(() => {
  const { order, total, currency, items } = document.querySelector('[data-order]').dataset;
  window.dataLayer = window.dataLayer || [];
  window.dataLayer.push({
    event: 'purchase',
    ecommerce: { transaction_id: order, value: Number(total), currency, items: Number(items) },
  });
  window.tracker.track('purchase', Number(total), { currency, order_id: order, pieces: Number(items) });
})();
