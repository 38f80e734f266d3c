/** Builds what browsers load: `vite build --mode tracker|debug|compat|picker|dashboard`, each mode one bundle in dist. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { MinifyOptions } from 'terser';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { arrange, bare, readScript } from './test/layout/script.mjs';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string };

/**
 * Writes dist/tracker.json beside the script: what the server needs to serve `/tracker-<version>-<hash>.js` for ever
 * and to put the integrity into snippets.
 */
function manifest(): Plugin {
  return {
    name: 'tracker-manifest',
    writeBundle() {
      const code = readFileSync('dist/tracker.js');
      const hash = createHash('sha256').update(code).digest('hex').slice(0, 12);
      const integrity = `sha384-${createHash('sha384').update(code).digest('base64')}`;
      const file = `tracker-${version}-${hash}.js`;
      writeFileSync('dist/tracker.json', `${JSON.stringify({ version, hash, file, integrity }, null, 2)}\n`);
    },
  };
}

/**
 * What terser has no option for, or Vite does not let it do: `let` is shorter than `const` and then the same word everywhere, and a block keeps
 * names from the page as well as a function does, as long as no function is declared in it; comments for other bundlers are of no use.
 */
function tighten(): Plugin {
  return {
    name: 'tracker-tighten',
    // A page has a document; only the module may be imported where there is none.
    config: () => ({ define: { 'globalThis.document': 'true' }, build: { terserOptions: { mangle: false } } }),
    renderChunk: (code) => code.replace(/\b(?:const|var)\b/g, 'let').replaceAll('/* @__PURE__ */ ', ''),
    // After terser, which merges more at the top level; names that are given last, once all is merged, are shorter. Which
    // names, and in what order things stand, Brotli was asked (`npm run bench -- layout`).
    generateBundle(_, bundle) {
      const layout = JSON.parse(readFileSync('src/tracker/layout.json', 'utf8'));
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        chunk.code = `{${arrange(readScript(bare(chunk.code)), layout)}}`;
      }
    },
  };
}

const TERSER: MinifyOptions = {
  ecma: 2020,
  module: true,
  toplevel: true,
  compress: {
    passes: 3,
    inline: 1,
    pure_getters: true,
    unsafe: true,
    unsafe_arrows: true,
    unsafe_methods: true,
    lhs_constants: false,
  },
  format: { comments: false },
};

/** One script file, minified by terser, which makes it smaller than any other minifier. */
function script(entry: string, name: string, format: 'iife' | 'es', plugins: Plugin[] = []): UserConfig {
  return {
    plugins,
    publicDir: false,
    build: {
      // Lower targets cost hundreds of bytes; every browser since the autumn of 2020 reads this one.
      target: 'es2021',
      outDir: 'dist',
      emptyOutDir: false,
      minify: 'terser',
      terserOptions: TERSER,
      modulePreload: false,
      lib: { entry, formats: [format], name: 'goalpost', fileName: () => `${name}.js` },
    },
  };
}

/** The dashboard: a page with files whose names carry their hash; nothing inline, as its security policy asks. */
const dashboard: UserConfig = {
  root: 'src/dashboard',
  publicDir: false,
  build: {
    target: 'es2022',
    outDir: '../../dist/dashboard',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
};

export default defineConfig(({ mode }) => {
  if (mode === 'debug') return script('src/tracker/debug/main.ts', 'tracker-debug', 'es');
  if (mode === 'dashboard') return dashboard;
  if (mode === 'picker') return script('src/picker/main.ts', 'picker', 'es');
  if (mode === 'compat') return script('src/tracker/compat/main.ts', 'compat', 'iife');
  return script('src/tracker/main.ts', 'tracker', 'es', [tighten(), manifest()]);
});
