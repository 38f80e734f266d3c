/** How the script gets into pages, by what pages are made with. */

/** What a guide needs to know. */
export interface GuideFacts {
  /** The plain line. */
  html: string;
  /** The line that names this very release. */
  pinned: string;
  /** URL of the script. */
  script: string;
  /** The site's public key. */
  key: string;
}

/** One way. */
export interface Guide {
  name: string;
  code: (facts: GuideFacts) => string;
  note: string;
}

export const GUIDES: readonly Guide[] = [
  { name: 'HTML', code: ({ html }) => html, note: 'Anywhere in <head>; it loads without holding the page up.' },
  {
    name: 'Pinned',
    code: ({ pinned }) => pinned,
    note: 'This very release, which browsers check by its hash. It is served for good and follows no upgrade.',
  },
  {
    name: 'Tag Manager',
    code: ({ script, key }) =>
      `<script>\n  var s = document.createElement('script');\n  s.src = '${script}';\n  s.dataset.site = '${key}';\n  document.head.append(s);\n</script>`,
    note: 'As a tag of the kind “Custom HTML”, fired on all pages.',
  },
  {
    name: 'Next.js',
    code: ({ script, key }) =>
      `import Script from 'next/script';\n\n<Script src="${script}" data-site="${key}" strategy="afterInteractive" />`,
    note: 'In app/layout.tsx or pages/_app.tsx. Routes are seen by themselves.',
  },
  {
    name: 'Vue, Vite',
    code: ({ html }) => html,
    note: 'In the <head> of index.html. Routes are seen by themselves.',
  },
  {
    name: 'WordPress',
    code: ({ script, key }) =>
      `add_action('wp_head', function () {\n  echo '<script defer src="${script}" data-site="${key}"></script>';\n});`,
    note: 'In functions.php of the theme, or the plain line with a plugin for header code.',
  },
];
