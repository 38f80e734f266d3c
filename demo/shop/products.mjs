/** What the demo shop sells. Prices are euros as decimal strings, so that nothing is ever rounded. */

/**
 * @typedef {object} Product
 * @property {string} slug path and key of the product
 * @property {string} name
 * @property {string} price euros with two decimals
 * @property {'table' | 'room'} kind the shelf it stands on
 * @property {string} wall colour of the wall in its picture
 * @property {string} line one line below the name
 * @property {string} story what the product page says
 * @property {string[]} facts material, size, care
 */

/** @type {Product[]} */
export const products = [
  {
    slug: 'dawn-cup',
    name: 'Dawn cup',
    price: '28.00',
    kind: 'table',
    wall: 'sand',
    line: 'Stoneware, 240 ml',
    story:
      'A cup for the first quiet half hour. The wall is thrown thin where it meets the lip and left thick where it meets the hand, so coffee stays warm and fingers do not burn.',
    facts: ['Stoneware, oat and iron glaze', '8.5 × 8 cm, 240 ml', 'Dishwasher, oven and microwave safe'],
  },
  {
    slug: 'tall-pourer',
    name: 'Tall pourer',
    price: '64.00',
    kind: 'table',
    wall: 'sage',
    line: 'Carafe, 1 litre',
    story:
      'Water, wine or the first wild flowers. The neck is pulled in one go and never corrected, which is why no two pourers lean quite the same way.',
    facts: ['Stoneware, celadon glaze', '11 × 27 cm, 1 litre', 'Rinse by hand'],
  },
  {
    slug: 'moon-bowl',
    name: 'Moon bowl',
    price: '46.00',
    kind: 'table',
    wall: 'rose',
    line: 'Serving bowl, 26 cm',
    story:
      'Wide enough for a salad for four and shallow enough to see the glaze below it. The speckles are iron in the clay that melts through at 1,240 degrees.',
    facts: ['Speckled stoneware', '26 × 8 cm', 'Dishwasher safe'],
  },
  {
    slug: 'hearth-teapot',
    name: 'Hearth teapot',
    price: '118.00',
    kind: 'table',
    wall: 'sky',
    line: 'With ash handle, 900 ml',
    story:
      'The spout is cut so that it does not drip and the lid has a tongue so that it stays. We make eleven a month, because that is how many handles Jonas can bend.',
    facts: ['Stoneware, black slip, steamed ash', '18 × 16 cm, 900 ml', 'Wipe the handle dry'],
  },
  {
    slug: 'quiet-vase',
    name: 'Quiet vase',
    price: '72.00',
    kind: 'room',
    wall: 'sage',
    line: 'For one branch',
    story:
      'A narrow neck holds a single branch upright and lets it be looked at. Weighted at the foot; cats have been consulted.',
    facts: ['Stoneware, matt terracotta', '14 × 22 cm', 'Watertight'],
  },
  {
    slug: 'lantern-lamp',
    name: 'Lantern lamp',
    price: '149.00',
    kind: 'room',
    wall: 'sky',
    line: 'Paper and oak, dimmable',
    story:
      'Light through washi paper has no edges. The oak foot is turned from offcuts of the stools, and the switch is where a hand in the dark expects it.',
    facts: ['Washi paper, oiled oak', '24 × 41 cm, 2700 K', 'Bulb included'],
  },
  {
    slug: 'three-leg-stool',
    name: 'Three-leg stool',
    price: '189.00',
    kind: 'room',
    wall: 'sand',
    line: 'Oiled oak, never wobbles',
    story:
      'Three legs stand still on any floor. The seat is dished by hand and the wedges are walnut, so that you can see how it holds together.',
    facts: ['Oak with walnut wedges', '34 × 45 cm', 'Oil once a year'],
  },
  {
    slug: 'linen-throw',
    name: 'Linen throw',
    price: '96.00',
    kind: 'room',
    wall: 'rose',
    line: 'Washed linen, 130 × 180 cm',
    story: 'Heavy linen, washed until it gives in. It is cool in July, warm in October and better in its third year.',
    facts: ['European flax', '130 × 180 cm', '40 degrees, dries by noon'],
  },
];

/** The product with that slug, if there is one. */
export function productBySlug(slug) {
  return products.find((product) => product.slug === slug);
}
