/** Files that few pages need, loaded when they do. */
import { api } from './options.ts';

/**
 * Loads a file from the collector and uses it; whatever goes wrong leaves things as they are. As a module: a script
 * element with an address would be refused where Trusted Types are enforced, and a nonce is passed on.
 */
export const load = <T>(
  file: string,
  use: (file: Record<string, (...given: unknown[]) => T>) => T,
): Promise<T | undefined> => import(/* @vite-ignore */ `${api}/${file}.js`).then(use, () => undefined);
