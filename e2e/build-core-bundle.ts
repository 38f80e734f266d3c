/** Builds `core-bundle.ts` for a page. */
import { build } from 'vite';

/** The bundle as one classic script. */
export async function coreBundle(): Promise<string> {
  const entry = new URL('core-bundle.ts', import.meta.url).pathname;
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: false, target: 'es2020', lib: { entry, name: 'cases', formats: ['iife'] } },
  });
  const [first] = [built].flat();
  if (!first || !('output' in first)) throw new Error('The bundle has no output.');
  return first.output[0].code;
}
