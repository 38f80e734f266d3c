/** Selectors that the picker proposes: what people named first, what tools made never. */
// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from 'vitest';
import { likelyKind, pointAt, proposedName, triggerFor } from '../../src/picker/choice.ts';
import { meantElement, proposeSelectors } from '../../src/picker/stable-selector.ts';

beforeEach(() => {
  document.body.innerHTML = '';
});

/** The element with `data-it` on a page of that markup. */
function on(html: string): Element {
  document.body.innerHTML = html.replace('data-it', 'data-it=""');
  const element = document.querySelector('[data-it]');
  if (element === null) throw new Error('Nothing is marked.');
  return element;
}

describe('a selector', () => {
  test.each([
    ['an id', '<button data-it id="buy">Buy</button>', '#buy'],
    ['a name for tests', '<button data-it id="radix-12" data-testid="buy">Buy</button>', '[data-testid="buy"]'],
    ['an action', '<a data-it class="px-4" data-action="add">+</a>', '[data-action="add"]'],
    ['a target', '<a data-it href="/pricing" class="text-sm">Prices</a>', 'a[href="/pricing"]'],
    ['a class that names it', '<div data-it class="mt-4 flex product-card css-1x2y3z4">x</div>', 'div.product-card'],
    ['a form by its action', '<form data-it action="/signup"></form>', 'form[action="/signup"]'],
    ['a field by its name', '<input data-it name="email">', 'input[name="email"]'],
  ])('prefers %s', (_, html, selector) => {
    expect(proposeSelectors(on(html))[0]).toEqual({ selector, count: 1 });
  });

  test.each(['radix-7', 'ember1234', ':r1:', 'item-98231', 'a1b2c3d4', 'input-5f9xk'])(
    'never uses the made id %s',
    (id) => {
      const selectors = proposeSelectors(on(`<p data-it id="${id}">x</p>`)).map(({ selector }) => selector);
      expect(selectors.join(' ')).not.toContain(id);
    },
  );

  test('falls back to the place below the nearest thing that has a name', () => {
    const html = '<main id="shop"><ul><li><p>a</p></li><li><p data-it>b</p></li></ul></main>';
    expect(proposeSelectors(on(html)).at(-1)).toEqual({ selector: '#shop > ul > li:nth-of-type(2) > p', count: 1 });
  });

  test('offers one that finds all of a kind after those that find one', () => {
    const html = '<a class="card" href="/a"></a><a data-it class="card" href="/b"></a>';
    expect(proposeSelectors(on(html)).map(({ selector, count }) => [selector, count])).toEqual([
      ['a[href="/b"]', 1],
      ['a.card', 2],
      ['body > a:nth-of-type(2)', 1],
    ]);
  });

  test('always finds its element, whatever stands in the page', () => {
    const hostile = `<p data-it name='a"]\\' class='x"y' id='1"'>x</p>`;
    const element = on(hostile);
    const proposals = proposeSelectors(element);
    expect(proposals.length).toBeGreaterThan(0);
    for (const { selector } of proposals) expect([selector, element.matches(selector)]).toEqual([selector, true]);
  });
});

describe('what is meant', () => {
  test('is the button around a picture, and the form around a button that sends it', () => {
    const icon = on('<form id="f"><button>Go <svg data-it></svg></button></form>');
    const button = meantElement(icon);
    expect(button.localName).toBe('button');
    expect(likelyKind(pointAt(button))).toBe('form_submit');
    const plain = on('<form><button type="button" data-it>Open</button></form>');
    expect(likelyKind(pointAt(plain))).toBe('element_click');
  });

  test('has a name and a trigger as the API takes them', () => {
    const pointed = pointAt(on('<button data-it>Add  to\n cart</button>'));
    expect(proposedName(pointed, 'text_click')).toBe('Clicked “Add to cart”');
    expect(triggerFor('text_click', { selector: '', text: pointed.text })).toEqual({
      type: 'text_click',
      text: 'Add to cart',
      match: 'equals',
      case_sensitive: false,
    });
  });
});
