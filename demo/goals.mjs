/** The demo shop's goals: one for each trigger, and the ways of reading a value, as the native API takes them. */

/** A page rule, in short. */
const pathIs = (value) => ({ match: 'path', value });

/**
 * Goal definitions with a hint for the strip: what a visitor has to do.
 * @type {(Record<string, unknown> & { key: string, name: string, hint: string })[]}
 */
export const demoGoals = [
  {
    key: 'purchase',
    name: 'Purchase',
    hint: 'tracker.track("purchase", …) on the thank-you page; the order id keeps it from counting twice',
    trigger: { type: 'revenue', name: 'purchase', currency: 'EUR' },
  },
  {
    key: 'thank_you',
    name: 'Thank-you page',
    hint: 'The page after an order; its value is read from the data layer',
    trigger: { type: 'pageview', url: pathIs('/thank-you/*') },
    value: { mode: 'data_layer', path: 'ecommerce.value', currency_path: 'ecommerce.currency' },
    count: 'once_per_session',
  },
  {
    key: 'order_form',
    name: 'Order sent',
    hint: 'The checkout form is submitted and the thank-you page follows',
    trigger: { type: 'form_submit', selector: '#checkout', confirm: { url: pathIs('/thank-you/*') } },
    value: { mode: 'none' },
  },
  {
    key: 'add_to_cart',
    name: 'Added to cart',
    hint: 'A click on “Add to cart”, its icon too; worth the price that stands on the page',
    trigger: { type: 'element_click', selector: '[data-action="add-to-cart"]' },
    value: { mode: 'element', selector: '[data-price]', currency: 'EUR' },
  },
  {
    key: 'to_checkout',
    name: 'Went to checkout',
    hint: 'The link from the cart to the checkout',
    trigger: { type: 'link_click', href: pathIs('/checkout') },
    value: { mode: 'none' },
  },
  {
    key: 'reserved',
    name: 'Reserved',
    hint: 'A click on something that says “Reserve in the studio”, although it then says something else',
    trigger: { type: 'text_click', text: 'Reserve in the studio', match: 'equals' },
    value: { mode: 'fixed', amount: '5.00', currency: 'EUR' },
  },
  {
    key: 'newsletter',
    name: 'Newsletter',
    hint: 'The form in the footer, once it says thank you',
    trigger: { type: 'form_submit', selector: '#newsletter', confirm: { selector: '.newsletter-thanks' } },
    value: { mode: 'none' },
    purpose: 'generate',
  },
  {
    key: 'look',
    name: 'Opened a look',
    hint: 'A room of the lookbook: a client-side route, no page load',
    trigger: { type: 'pageview', url: pathIs('/lookbook/*'), view: 'virtual' },
    value: { mode: 'none' },
    purpose: 'engage',
  },
  {
    key: 'film',
    name: 'Watched the film',
    hint: 'The page says tracker.track("film_played", …)',
    trigger: { type: 'event', name: 'film_played' },
    value: { mode: 'none' },
    purpose: 'engage',
  },
  {
    key: 'read_deep',
    name: 'Read three quarters',
    hint: 'The story scrolled to 75 %',
    trigger: { type: 'scroll_depth', percent: 75 },
    where: { include: [pathIs('/stories/*')] },
    value: { mode: 'none' },
    purpose: 'engage',
  },
  {
    key: 'read_20s',
    name: 'Read for 20 seconds',
    hint: 'The story visible and in focus for that long',
    trigger: { type: 'time_spent', seconds: 20 },
    where: { include: [pathIs('/stories/*')] },
    value: { mode: 'none' },
    purpose: 'engage',
  },
  {
    key: 'promises',
    name: 'Saw the promises',
    hint: 'The box below the shelf, half visible for a second',
    trigger: { type: 'element_visible', selector: '[data-promises]', ratio: 0.5, delay_ms: 1000 },
    value: { mode: 'none' },
    count: 'once_per_page',
    purpose: 'engage',
  },
  {
    key: 'outbound',
    name: 'Left for elsewhere',
    hint: 'The link in the footer that leaves the shop',
    trigger: { type: 'link_click', outbound: true },
    value: { mode: 'none' },
    purpose: 'engage',
  },
  {
    key: 'engaged',
    name: 'First touch',
    hint: 'The first click, key or submit on anything interactive, once a session',
    trigger: { type: 'engagement' },
    value: { mode: 'none' },
    count: 'once_per_session',
    purpose: 'engage',
  },
];
