/** Frames around elements: what is pointed at, and what else the selector finds. They follow the page as it moves. */

const FRAMES = 60;

/** Draws into a place of the picker's own. */
export class Frames {
  readonly #place: HTMLElement;
  #shown: readonly Element[] = [];
  #meant: Element | undefined;

  constructor(place: HTMLElement) {
    this.#place = place;
  }

  /** Frames the element meant, and others of its like. */
  show(meant: Element | undefined, like: readonly Element[] = []): void {
    this.#meant = meant;
    this.#shown = like.slice(0, FRAMES);
    this.draw();
  }

  /** Draws them where the elements are at this moment. */
  draw(): void {
    const frames = this.#shown.filter((element) => element !== this.#meant).map((element) => frameOf(element, 'like'));
    if (this.#meant) frames.push(frameOf(this.#meant, ''));
    this.#place.replaceChildren(...frames);
  }
}

function frameOf(element: Element, kind: string): HTMLElement {
  const { left, top, width, height } = element.getBoundingClientRect();
  const frame = document.createElement('div');
  frame.className = kind;
  Object.assign(frame.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  return frame;
}
