/** A long read with a little film: what scroll, time and event goals are for. */
import { roomPicture } from '../art.mjs';
import { layout } from '../layout.mjs';

const film = `<figure class="film" data-film data-testid="film">
  <svg viewBox="0 0 720 400" role="img" aria-label="A pot grows on the wheel">
    <rect class="film-back" width="720" height="400"/><ellipse cx="360" cy="332" rx="210" ry="30" fill="#4b3a2d"/><ellipse cx="360" cy="322" rx="210" ry="30" fill="#6b5544"/>
    <ellipse class="wheel" cx="360" cy="320" rx="150" ry="19" fill="none" stroke="#8d745f" stroke-width="4" stroke-dasharray="40 22"/>
    <g class="pot"><path d="M290 318c-34-66-16-108-4-140 6-18 4-30 0-44h148c-4 14-6 26 0 44 12 32 30 74-4 140z" fill="#b0714e"/><path d="M304 306c-24-60-8-92 2-126" fill="none" stroke="#d99a76" stroke-width="10" stroke-linecap="round"/><ellipse cx="360" cy="134" rx="74" ry="14" fill="#7c4629"/></g>
  </svg>
  <button type="button" class="play" data-play data-testid="play"><svg viewBox="0 0 48 48" aria-hidden="true"><path d="M17 12l20 12-20 12z"/></svg><span>Watch a pot grow</span></button>
  <figcaption>Twelve seconds at the wheel. In truth it takes Ida four minutes.</figcaption>
</figure>`;

const chapters = [
  [
    'Dry',
    'A pot that goes wet into the fire bursts. So everything stands for a week on boards under the roof, turned once a day, until it is no longer cool to the cheek. That is the whole instrument: a cheek. Ida has tried two others and gave them to the school.',
    'The boards are older than the studio. They come from a herring smokehouse, and on a damp day one can tell.',
  ],
  [
    'Biscuit',
    'The first firing is slow, a thousand degrees in fourteen hours. Clay turns to something that clay can never be again. It rings when you knock on it. It is also thirsty, and that is the point: a thirsty pot drinks glaze.',
  ],
  [
    'Glaze',
    'Ash from the alder stove, feldspar, a little iron. Our oat glaze has had eleven versions, and the eighth was an accident with a bucket. We pour rather than dip; you can see where one pour overtook the other, and we like to look there first.',
    'What is written down is done again in the same way, so we write everything down. Every kiln log since 2014 is in the blue box by the door; you are welcome to read them with your tea.',
  ],
  [
    'The long night',
    'The second firing begins after supper. Between nine hundred and eleven hundred degrees we close the air, so that the fire takes its oxygen from the iron in the clay. The speckles come from there. Somebody sleeps on the bench. Nobody sleeps well.',
  ],
  [
    'Waiting',
    'Then nothing may happen for thirty hours. A kiln opened too early sings: hundreds of small cracks, very beautiful, all of them losses. Jonas planes stools in that time. It is when most of our stools are made.',
    'Ida sweeps. The studio has never been cleaner than in the hours when there is nothing to be done.',
  ],
  [
    'Opening',
    'At ninety degrees we open the door by a hand, at sixty by an arm. Neighbours come. About one piece in nine does not pass; it goes on the wall by the harbour, where you may take it. The others are washed, weighed, and put on the shelf that you have seen.',
  ],
];

const chapter = ([title, ...paragraphs], index) => `<section><h2><small>${index + 1}</small> ${title}</h2>
  ${paragraphs.map((text) => `<p>${text}</p>`).join('\n  ')}</section>`;

/** `GET /stories/firing` */
export function storyPage(settings) {
  return layout(settings, {
    title: 'Thirty hours of waiting',
    page: 'story',
    scripts: ['film'],
    body: `<article class="story">
  <header><p class="kicker">Stories · 6 minutes</p><h1>Thirty hours of waiting</h1><p class="lead">How a handful of harbour clay becomes a cup, and why most of the work is leaving it alone.</p></header>
  ${roomPicture({
    wall: 'sky',
    label: 'A shelf after the firing',
    placed: [
      ['tall-pourer', 50, 128, 1.2],
      ['moon-bowl', 290, 206, 0.9],
      ['quiet-vase', 560, 150, 1.12],
    ],
  })}
  ${chapters.slice(0, 3).map(chapter).join('\n')}
  ${film}
  ${chapters
    .slice(3)
    .map((entry, index) => chapter(entry, index + 3))
    .join('\n')}
  <p class="end-mark" data-testid="story-end">◆</p>
</article>`,
  });
}
