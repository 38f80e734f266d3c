/** The goals that visits work towards: every trigger, every counting rule, money from every kind of place. */

const path = (value: string) => ({ match: 'path', value });

/** Goals by their key, as the native API takes them. */
export const GOALS = {
  view: { trigger: { type: 'pageview', url: { match: 'domain', value: 'localhost' } } },
  product: { trigger: { type: 'pageview', url: path('/products/*'), view: 'load' } },
  look: { trigger: { type: 'pageview', url: path('/lookbook/*'), view: 'virtual' } },
  plans: { trigger: { type: 'pageview', url: { match: 'contains', value: '/app/plans' } } },
  purchase: { trigger: { type: 'revenue', name: 'purchase', currency: 'EUR' } },
  thank_you: {
    trigger: { type: 'pageview', url: path('/thank-you/*') },
    value: { mode: 'data_layer', path: 'ecommerce.value', currency_path: 'ecommerce.currency' },
    count: 'once_per_session',
  },
  order_form: { trigger: { type: 'form_submit', selector: '#checkout', confirm: { url: path('/thank-you/*') } } },
  add_to_cart: {
    trigger: { type: 'element_click', selector: '[data-action="add-to-cart"]' },
    value: { mode: 'element', selector: '[data-price]', currency: 'EUR' },
  },
  to_checkout: { trigger: { type: 'link_click', href: path('/checkout') } },
  reserved: {
    trigger: { type: 'text_click', text: 'Reserve in the studio', match: 'equals' },
    value: { mode: 'fixed', amount: '5.00', currency: 'EUR' },
  },
  newsletter: {
    trigger: { type: 'form_submit', selector: '#newsletter', confirm: { selector: '.newsletter-thanks' } },
  },
  film: { trigger: { type: 'event', name: 'film_played' } },
  outbound: { trigger: { type: 'link_click', outbound: true } },
  scrolled: { trigger: { type: 'scroll_depth', percent: 75 }, where: { include: [path('/stories/*')] } },
  engaged: { trigger: { type: 'engagement' }, count: 'once_per_session' },
  trial: { trigger: { type: 'event', name: 'trial_', match: 'starts_with' } },
  trial_pro: {
    trigger: { type: 'event', name: 'trial_started' },
    properties: { plan: 'pro' },
    value: { mode: 'none' },
  },
  talk: { trigger: { type: 'text_click', text: 'talk to', match: 'contains' } },
  contact: { trigger: { type: 'form_submit', selector: '#contact' } },
  glance: { trigger: { type: 'event', name: 'glance' }, count: 'once_per_page' },
  welcome: { trigger: { type: 'event', name: 'welcome' }, count: 'once_per_visitor' },
  read: { trigger: { type: 'time_spent', seconds: 1 }, where: { include: [path('/app/read')] } },
  deep: {
    trigger: { type: 'element_visible', selector: '#deep', ratio: 0.5, delay_ms: 500 },
    where: { include: [path('/app/read')] },
  },
} as const;

export type GoalKey = keyof typeof GOALS;
export const GOAL_KEYS = Object.keys(GOALS) as GoalKey[];
