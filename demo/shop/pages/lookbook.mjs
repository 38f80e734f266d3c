/** The lookbook: three rooms as routes of a small single-page application; each also answers as a page of its own. */
import { roomPicture } from '../art.mjs';
import { layout } from '../layout.mjs';
import { productBySlug } from '../products.mjs';
import { euros } from '../text.mjs';

/** The rooms: slug → what is shown. */
export const looks = {
  table: {
    title: 'A table for two',
    text: 'Nothing matches and everything belongs together. Breakfast until noon.',
    wall: 'sage',
    placed: [
      ['moon-bowl', 310, 168, 1.04],
      ['tall-pourer', 50, 114, 1.24],
      ['dawn-cup', 570, 258, 0.7],
      ['dawn-cup', 700, 270, 0.66],
    ],
    pieces: ['moon-bowl', 'tall-pourer', 'dawn-cup'],
  },
  window: {
    title: 'By the window',
    text: 'One branch, one seat, one hour. The afternoon does the rest.',
    wall: 'rose',
    placed: [
      ['three-leg-stool', 360, 160, 1.12],
      ['linen-throw', 396, 48, 0.86],
      ['quiet-vase', 100, 118, 1.26],
    ],
    pieces: ['three-leg-stool', 'linen-throw', 'quiet-vase'],
  },
  evening: {
    title: 'After the guests',
    text: 'Lamp low, teapot half full, somebody still telling a story.',
    wall: 'sky',
    placed: [
      ['lantern-lamp', 60, 100, 1.3],
      ['hearth-teapot', 400, 188, 0.98],
      ['dawn-cup', 690, 270, 0.66],
    ],
    pieces: ['lantern-lamp', 'hearth-teapot', 'dawn-cup'],
  },
};

const look = (
  [slug, { title, text, wall, placed, pieces }],
  chosen,
) => `<article class="look" data-look="${slug}" data-title="${title}"${slug === chosen ? '' : ' hidden'}>
  ${roomPicture({ wall, label: title, placed })}
  <div class="look-text"><h2>${title}</h2><p>${text}</p>
  <ul class="plain">${pieces.map((piece) => `<li><a href="/products/${piece}">${productBySlug(piece).name}</a> <span>${euros(productBySlug(piece).price)}</span></li>`).join('')}</ul></div>
</article>`;

/** `GET /lookbook` and `GET /lookbook/:look` */
export function lookbookPage(settings, chosen) {
  const tabs = Object.entries(looks).map(
    ([slug, { title }]) =>
      `<a class="chip" href="/lookbook/${slug}" data-route="${slug}" data-testid="look-${slug}"${slug === chosen ? ' aria-current="page"' : ''}>${title}</a>`,
  );
  return layout(settings, {
    title: chosen ? looks[chosen].title : 'Lookbook',
    page: 'lookbook',
    scripts: ['lookbook'],
    body: `<section class="lookbook"><div class="shelf-head"><h1>Lookbook</h1><nav class="chips" aria-label="Rooms">${tabs.join('')}</nav></div>
  <p class="lead" data-look-intro${chosen ? ' hidden' : ''}>Three rooms, borrowed from friends. Choose one; the page stays, the room changes.</p>
  ${Object.entries(looks)
    .map((entry) => look(entry, chosen ?? 'table'))
    .join('\n')}</section>`,
  });
}
