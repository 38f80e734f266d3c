/** The overlay: pointing, choosing, saving. While somebody points, the page hears nothing of the pointer. */
import { type Kind, likelyKind, type Pointed, pointAt } from './choice.ts';
import { make } from './element.ts';
import { Frames } from './frames.ts';
import { LOOK } from './look.ts';
import { choosingPanel, pointingPanel, savedPanel } from './panels.ts';
import { meantElement } from './stable-selector.ts';

/** What the page would hear of a pointer or of Enter on a link. */
const SILENCED = [
  'pointerdown',
  'pointerup',
  'mousedown',
  'mouseup',
  'click',
  'auxclick',
  'dblclick',
  'touchstart',
  'touchend',
  'submit',
];

/** What it would hear besides of somebody who types into the picker. */
const TYPED = ['keydown', 'keyup', 'keypress', 'input', 'change', 'focusin', 'focusout'];

/** Where the picker saves, and what permits it. */
export interface PickerOptions {
  token: string;
  /** Base URL of the server, with a slash at its end. */
  api: string;
}

/** One picker on one page. */
export class Picker {
  readonly #options: PickerOptions;
  readonly #host = make('div', { lang: 'en' });
  readonly #shadow: ShadowRoot;
  readonly #frames: Frames;
  readonly #listening = new AbortController();
  #panel: HTMLElement | undefined;
  #isPointing = true;

  constructor(options: PickerOptions) {
    this.#options = options;
    this.#shadow = this.#host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(LOOK);
    this.#shadow.adoptedStyleSheets = [sheet];
    const frames = make('div', { className: 'frames' });
    this.#shadow.append(frames);
    this.#frames = new Frames(frames);
    for (const name of [...SILENCED, ...TYPED])
      this.#host.addEventListener(name, (domEvent) => domEvent.stopPropagation());
    document.documentElement.append(this.#host);
    // Somebody who points is no visitor.
    (window as { tracker?: { stop?: () => void } }).tracker?.stop?.();
    this.#listen();
    this.#point();
  }

  /** Takes everything off the page. */
  close(): void {
    this.#listening.abort();
    this.#host.remove();
  }

  #listen(): void {
    const options = { capture: true, signal: this.#listening.signal };
    for (const name of SILENCED) window.addEventListener(name, (domEvent) => this.#silence(domEvent), options);
    window.addEventListener('pointermove', (domEvent) => this.#follow(domEvent), options);
    window.addEventListener('focusin', (domEvent) => this.#follow(domEvent), options);
    window.addEventListener('keydown', (domEvent) => this.#key(domEvent), options);
    for (const name of ['scroll', 'resize']) window.addEventListener(name, () => this.#frames.draw(), options);
  }

  #isOwn(domEvent: Event): boolean {
    return domEvent.composedPath().includes(this.#host);
  }

  #follow(domEvent: Event): void {
    if (!this.#isPointing) return;
    const { target } = domEvent;
    this.#frames.show(target instanceof Element && !this.#isOwn(domEvent) ? meantElement(target) : undefined);
  }

  #silence(domEvent: Event): void {
    if (!this.#isPointing || this.#isOwn(domEvent)) return;
    domEvent.preventDefault();
    domEvent.stopImmediatePropagation();
    if (domEvent.type === 'click' && domEvent.target instanceof Element) this.#choose(meantElement(domEvent.target));
  }

  #key(domEvent: KeyboardEvent): void {
    if (domEvent.key === 'Escape') {
      domEvent.stopImmediatePropagation();
      if (this.#isPointing) this.close();
      else this.#point();
      return;
    }
    // Enter on what has the focus points at it: not everything that can be focused makes a click of it.
    const { target } = domEvent;
    if (domEvent.key !== 'Enter' || !this.#isPointing || this.#isOwn(domEvent) || !(target instanceof Element)) return;
    if (target === document.body) return;
    domEvent.preventDefault();
    domEvent.stopImmediatePropagation();
    this.#choose(meantElement(target));
  }

  #show(panel: HTMLElement): void {
    this.#panel?.remove();
    this.#panel = panel;
    this.#shadow.append(panel);
    panel.querySelector<HTMLElement>('[autofocus]')?.focus();
  }

  #point(): void {
    this.#isPointing = true;
    this.#frames.show(undefined);
    this.#show(pointingPanel({ onClose: () => this.close() }));
  }

  #choose(element: Element): void {
    this.#isPointing = false;
    const pointed = pointAt(element);
    this.#frames.show(element);
    this.#offer(pointed, likelyKind(pointed));
  }

  #offer(pointed: Pointed, kind: Kind): void {
    this.#show(
      choosingPanel(
        { pointed, kind },
        {
          onKind: (chosen) => this.#offer(pointed, chosen),
          onSelector: (selector) => this.#frameAll(pointed, selector),
          onBack: () => this.#point(),
          save: (goal) => this.#save(goal),
        },
      ),
    );
    // Never over what it is about.
    const { left, top, width } = pointed.element.getBoundingClientRect();
    this.#panel?.classList.toggle('top', top > window.innerHeight / 2);
    this.#panel?.classList.add(left + width / 2 > window.innerWidth / 2 ? 'left' : 'right');
  }

  #frameAll({ element }: Pointed, selector: string): void {
    try {
      this.#frames.show(element, selector === '' ? [] : [...document.querySelectorAll(selector)]);
    } catch {
      this.#frames.show(element);
    }
  }

  /** Answers what went wrong, in words; undefined: it is saved. */
  async #save(goal: { name: string; trigger: unknown }): Promise<string | undefined> {
    const { api, token } = this.#options;
    try {
      // As plain text, which browsers send to another origin without asking first.
      const answer = await fetch(`${api}api/picker/goals`, { method: 'POST', body: JSON.stringify({ token, goal }) });
      const body = (await answer.json()) as { url: string; error?: { message: string } };
      if (!answer.ok) return body.error?.message ?? `The server answered ${answer.status}.`;
      this.#frames.show(undefined);
      this.#show(
        savedPanel({ name: goal.name, url: body.url }, { onMore: () => this.#point(), onClose: () => this.close() }),
      );
      return undefined;
    } catch {
      return 'The server cannot be reached from this page. Does its Content-Security-Policy allow it in connect-src?';
    }
  }
}
