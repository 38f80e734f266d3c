/** The text of elements is what people read. */
// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { readTexts } from '../../src/tracker/element-text.ts';

const read = (html: string): string | undefined => {
  document.body.innerHTML = html;
  return readTexts([document.body.firstElementChild!])[0];
};

test.each([
  ['<p>Buy now</p>', 'Buy now'],
  ['<p>  Buy\n\t&nbsp;now </p>', 'Buy now'],
  ['<p>Buy<b>now</b>!</p>', 'Buy now !'],
  ['<p>Pay $<!-- x -->5</p>', 'Pay $5'],
  ['<p>a<br>b</p>', 'a b'],
  ['<p>a<script>1</script><style>2</style><template>3</template><i hidden>4</i>b</p>', 'a b'],
  ['<p>Cafe\u0301</p>', 'Café'],
  ['<input type="submit" value=" Buy  now ">', 'Buy now'],
  ['<input type="button" value="Go" title="x">', 'Go'],
  ['<input type="text" value="typed">', ''],
  ['<input type="password" value="secret">', ''],
  ['<input type="hidden" value="secret">', ''],
  ['<button value="v">Text</button>', 'Text'],
  ['<button aria-label="Buy"><svg></svg></button>', 'Buy'],
  ['<img alt="Picture" title="Title">', 'Picture'],
  ['<i title="Title"></i>', 'Title'],
  ['<a><i><img alt="Buy"></i><img alt=""> <svg aria-label="now"></svg></a>', 'Buy now'],
  ['<button aria-label="Buy"><img alt="Basket"></button>', 'Buy'],
  ['<a>Buy<img alt="Basket"></a>', 'Buy'],
  ['<i></i>', ''],
])('%s says %j', (html, text) => {
  expect(read(html)).toBe(text);
});

test('a very long text is not read', () => {
  expect(read(`<p>${'<b>word</b>'.repeat(10_000)}</p>`)).toBeUndefined();
});
