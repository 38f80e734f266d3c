/** Many may read, or one may write: who reads in between two writes that belong together would see half of them. */

export class OneMoment {
  private readers = 0;
  private writing = false;
  /** Who waits, in the order they came, so that neither side starves the other. */
  private readonly queue: { writes: boolean; start: () => void }[] = [];

  /** Runs reading work, together with other reading work. */
  read<T>(work: () => Promise<T>): Promise<T> {
    return this.run({ writes: false }, work);
  }

  /** Runs writing work alone. */
  write<T>(work: () => Promise<T>): Promise<T> {
    return this.run({ writes: true }, work);
  }

  private async run<T>({ writes }: { writes: boolean }, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((start) => {
      this.queue.push({ writes, start });
      this.admit();
    });
    try {
      return await work();
    } finally {
      if (writes) this.writing = false;
      else this.readers -= 1;
      this.admit();
    }
  }

  /** Lets in whoever is first, as long as that is possible. */
  private admit(): void {
    for (
      let first = this.queue[0];
      first && !this.writing && !(first.writes && this.readers > 0);
      first = this.queue[0]
    ) {
      this.queue.shift();
      if (first.writes) this.writing = true;
      else this.readers += 1;
      first.start();
    }
  }
}
