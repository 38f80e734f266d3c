/** JSON that no page can spoil. */

/** The value as JSON, in which a `toJSON` that a page gave to all arrays has no say. */
export const jsonOf = (value: unknown): string =>
  JSON.stringify(value, function (this: Record<string, unknown>, key) {
    return this[key];
  });
