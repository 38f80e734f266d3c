/** The page that every script is measured on, and what is clicked there. */

/** So deep lies the element whose click is measured. */
const DEPTH = 30;

const paragraph = (at) =>
  `<section class="card card-${at % 7}"><h2>Part ${at}</h2><p class="text">A page has sentences, and some of them ` +
  `<a href="/part/${at}">lead elsewhere</a>. This one is number ${at}.</p></section>`;

const nested = (level) => `<div class="box level-${level}" data-level="${level}">`;

/** The script's element; nothing for the page without one. */
function scriptElement(subject, collector, mark) {
  if (subject.code === undefined) return '';
  const attributes = subject.site ? ` data-site="${mark}"` : '';
  return `<script defer src="${collector}/${subject.path}/tracker.js"${attributes}></script>`;
}

/**
 * A page of ordinary size: 40 sections, a form, a button in 30 elements, a link that leaves and a button that stays.
 * The last two are conversions by the name of `mark`, written as the product's documents say.
 */
export function pageHtml(subject, { collector, mark }) {
  const conversion = subject.conversion?.(mark) ?? '';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The page</title>
${scriptElement(subject, collector, mark)}</head><body>
<nav><a href="/part/1">One</a> <a href="/part/2">Two</a> <a href="/next/${subject.path}/${mark}">Next</a></nav>
<p><a id="leave" href="/elsewhere" ${conversion}>Buy</a> <button id="stay" type="button" ${conversion}>Order</button></p>
<form id="contact"><input name="email" type="email"><input name="name"><button type="submit">Send</button></form>
<main>${Array.from({ length: 40 }, (_, at) => paragraph(at)).join('\n')}
${Array.from({ length: DEPTH - 1 }, (_, at) => nested(at)).join('')}<button id="deep" class="button quiet" type="button">
Show more</button>${'</div>'.repeat(DEPTH - 1)}</main></body></html>`;
}
