/** Waiting with a bound. */

/** Resolves when the work does, or when the time is over; true when the work is not done then. Throws what the work throws. */
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), ms);
  });
  try {
    return await Promise.race([work.then(() => false), over]);
  } finally {
    clearTimeout(timer);
  }
}
