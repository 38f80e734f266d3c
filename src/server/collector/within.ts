/** Waiting with a bound. */

/** Resolves when the work does, or when the time is over; true when the work is not done then. */
export async function within(ms: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), ms);
  });
  const isOver = await Promise.race([work.then(() => false), over]);
  clearTimeout(timer);
  return isOver;
}
