/** The picker's three panels: pointing, choosing, saved. */
import { KIND_NAMES, type Kind, kindsOf, type Pointed, proposalsFor, proposedName, triggerFor } from './choice.ts';
import { make } from './element.ts';
import { countOf } from './stable-selector.ts';

function panel(title: string, ...children: (Node | string)[]): HTMLElement {
  const section = make('section', { className: 'panel' }, make('h2', { textContent: title }), ...children);
  section.setAttribute('role', 'dialog');
  section.setAttribute('aria-label', title);
  return section;
}

/** Says what to do. */
export function pointingPanel({ onClose }: { onClose: () => void }): HTMLElement {
  const close = make('button', { type: 'button', textContent: 'Close', onclick: onClose });
  return panel(
    'Point at what should count',
    make('p', { textContent: 'Click it, or go to it with Tab and press Enter. Nothing on the page reacts meanwhile.' }),
    make('div', { className: 'end' }, close),
  );
}

/** What the panel of a choice tells. */
export interface ChoiceListeners {
  onKind: (kind: Kind) => void;
  onSelector: (selector: string) => void;
  onBack: () => void;
  /** Answers what went wrong; undefined when it is saved. */
  save: (goal: { name: string; trigger: unknown }) => Promise<string | undefined>;
}

function field(label: string, input: HTMLInputElement, ...more: Node[]): HTMLElement {
  return make('div', { className: 'field' }, make('label', {}, label, input), ...more);
}

function kindChoice(pointed: Pointed, chosen: Kind, onKind: (kind: Kind) => void): HTMLElement {
  const choices = kindsOf(pointed).map((kind) => {
    const radio = make('input', {
      type: 'radio',
      name: 'kind',
      checked: kind === chosen,
      onchange: () => onKind(kind),
    });
    radio.toggleAttribute('autofocus', kind === chosen);
    return make('label', { className: 'kind' }, radio, KIND_NAMES[kind]);
  });
  return make('fieldset', {}, make('legend', { textContent: 'It counts when…' }), ...choices);
}

/** The field of the selector, what it finds, and others to take instead. */
function selectorChoice(
  pointed: Pointed,
  kind: Kind,
  onSelector: (selector: string) => void,
): [HTMLInputElement, HTMLElement] {
  const proposals = proposalsFor(pointed, kind);
  const input = make('input', { className: 'code', value: proposals[0]?.selector ?? '', spellcheck: false });
  const found = make('p');
  found.setAttribute('role', 'status');
  const tell = (): void => {
    const count = countOf(input.value, document);
    found.textContent = count === 1 ? 'Finds this one on this page.' : `Finds ${count} on this page.`;
    found.className = count === 0 ? 'bad' : '';
    onSelector(input.value);
  };
  input.oninput = tell;
  const others = proposals.map(({ selector, count }) => {
    const take = (): void => {
      input.value = selector;
      tell();
    };
    return make('button', { type: 'button', textContent: selector, title: `Finds ${count}`, onclick: take });
  });
  tell();
  const box = field('Selector', input, found);
  if (others.length > 1) box.append(make('div', { className: 'others' }, ...others));
  return [input, box];
}

/** Lets the owner say what of the element counts, by which selector, and under which name. */
export function choosingPanel(
  { pointed, kind }: { pointed: Pointed; kind: Kind },
  listeners: ChoiceListeners,
): HTMLElement {
  const name = make('input', { value: proposedName(pointed, kind) });
  const fault = make('p', { className: 'bad' });
  fault.setAttribute('role', 'alert');
  const [selector, selectorBox] = selectorChoice(pointed, kind, listeners.onSelector);
  const text = make('p', { textContent: `Whatever says “${pointed.text}”, wherever it stands.` });
  const save = make('button', { type: 'submit', className: 'primary', textContent: 'Save goal' });
  const back = make('button', {
    type: 'button',
    className: 'plain',
    textContent: 'Point at something else',
    onclick: listeners.onBack,
  });
  const submit = async (domEvent: Event): Promise<void> => {
    domEvent.preventDefault();
    save.disabled = true;
    const trigger = triggerFor(kind, { selector: selector.value, text: pointed.text });
    fault.textContent = (await listeners.save({ name: name.value, trigger })) ?? '';
    save.disabled = false;
  };
  const form = make(
    'form',
    { onsubmit: (domEvent) => void submit(domEvent) },
    kindChoice(pointed, kind, listeners.onKind),
    kind === 'text_click' ? text : selectorBox,
    field('Name of the goal', name),
    fault,
    make('div', { className: 'end' }, save, back),
  );
  Object.assign(form.style, { display: 'grid', gap: '12px' });
  return panel('A new goal', form);
}

/** Says that it is saved and where. */
export function savedPanel(
  { name, url }: { name: string; url: string },
  { onMore, onClose }: { onMore: () => void; onClose: () => void },
): HTMLElement {
  const link = make('a', {
    href: url,
    target: '_blank',
    rel: 'noopener',
    className: 'button',
    textContent: 'See it in Goalpost',
  });
  link.toggleAttribute('autofocus', true);
  const told = make('p', { textContent: 'It counts in every browser from the next event on.' });
  told.setAttribute('role', 'status');
  return panel(
    `“${name}” is saved`,
    told,
    make(
      'div',
      { className: 'end' },
      link,
      make('button', { type: 'button', textContent: 'One more', onclick: onMore }),
      make('button', { type: 'button', className: 'plain', textContent: 'Close', onclick: onClose }),
    ),
  );
}
