/** Something to await that a test opens from outside, in the place of a number of milliseconds. */

/** A promise and what settles it. */
export interface Gate {
  opened: Promise<void>;
  open: () => void;
}

/** A gate that is closed. */
export function closedGate(): Gate {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
