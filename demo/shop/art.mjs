/** The shop's pictures, drawn: every object stands in a box of 320 × 320 with its foot on y = 262. */

/** A gradient from left to right, as light falls on something round. */
function round(id, [left, middle, right]) {
  return `<linearGradient id="${id}" x1="0" x2="1" y1="0" y2="0"><stop offset="0" stop-color="${left}"/><stop offset=".42" stop-color="${middle}"/><stop offset="1" stop-color="${right}"/></linearGradient>`;
}

const shadow = (x, width) => `<ellipse cx="${x}" cy="264" rx="${width}" ry="9" fill="#2a1d12" opacity=".22"/>`;

const objects = {
  'dawn-cup': (
    id,
  ) => `<defs>${round(`${id}a`, ['#d9c3a5', '#f4e7d2', '#b99a76'])}${round(`${id}b`, ['#8a4a2c', '#b66a44', '#6e371f'])}</defs>
    ${shadow(160, 82)}
    <path d="M213 152c42-6 54 62 4 68" fill="none" stroke="#b99a76" stroke-width="15" stroke-linecap="round"/>
    <path d="M98 128h124v84c0 32-18 50-42 50h-40c-24 0-42-18-42-50z" fill="url(#${id}a)"/>
    <path d="M98 206c20 9 36-3 52 5s30 2 44-3 20 0 28-2v6c0 32-18 50-42 50h-40c-24 0-42-18-42-50z" fill="url(#${id}b)"/>
    <ellipse cx="160" cy="128" rx="62" ry="15" fill="#efe0c8"/><ellipse cx="160" cy="130" rx="55" ry="11.5" fill="#4a2c1c"/>
    <path d="M136 108c-8-12 8-18 0-32M164 104c-8-12 8-18 0-34" fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round" opacity=".38"/>`,
  'tall-pourer': (id) => `<defs>${round(`${id}a`, ['#7f9384', '#c3d2c2', '#5d7264'])}</defs>
    ${shadow(160, 66)}
    <path d="M141 66l-14-6c4 12 6 20 6 34 0 34-38 62-38 116 0 36 24 52 65 52s65-16 65-52c0-54-38-82-38-116 0-10 1-18 3-28z" fill="url(#${id}a)"/>
    <ellipse cx="160" cy="66" rx="30" ry="8" fill="#d6e2d4"/><ellipse cx="160" cy="67" rx="24" ry="5.5" fill="#45574b"/>
    <path d="M112 186c6-24 16-40 24-58" fill="none" stroke="#fff" stroke-width="7" stroke-linecap="round" opacity=".4"/>`,
  'moon-bowl': (id) => `<defs>${round(`${id}a`, ['#cfc8be', '#f7f3ec', '#a59c90'])}</defs>
    ${shadow(160, 84)}
    <path d="M48 172h224c-4 56-44 82-82 88h-60c-38-6-78-32-82-88z" fill="url(#${id}a)"/>
    <ellipse cx="160" cy="172" rx="112" ry="25" fill="#f3eee6"/><ellipse cx="160" cy="175" rx="101" ry="19" fill="#c8beb0"/>
    <ellipse cx="150" cy="181" rx="70" ry="11" fill="#e4dccf"/>
    <g fill="#7b5a3e" opacity=".65"><circle cx="92" cy="206" r="2.4"/><circle cx="128" cy="222" r="1.8"/><circle cx="176" cy="212" r="2.6"/><circle cx="214" cy="200" r="1.9"/><circle cx="150" cy="240" r="2.1"/><circle cx="238" cy="196" r="2.2"/><circle cx="108" cy="232" r="1.5"/><circle cx="196" cy="236" r="1.7"/></g>`,
  'hearth-teapot': (id) => `<defs>${round(`${id}a`, ['#39383b', '#6a686c', '#1f1e21'])}</defs>
    ${shadow(160, 92)}
    <path d="M92 140c0-86 136-86 136 0" fill="none" stroke="#c89a63" stroke-width="11" stroke-linecap="round"/>
    <path d="M226 208c30-2 32-34 56-44l6 10c-18 12-16 60-66 64z" fill="#2b2a2d"/>
    <path d="M84 196c0-34 32-56 76-56s76 22 76 56-24 66-50 66h-52c-26 0-50-32-50-66z" fill="url(#${id}a)"/>
    <path d="M118 148c8-14 76-14 84 0 2 8-86 8-84 0z" fill="#4a484c"/><circle cx="160" cy="130" r="9" fill="#c89a63"/>
    <path d="M102 200c0-16 10-28 24-35" fill="none" stroke="#fff" stroke-width="7" stroke-linecap="round" opacity=".28"/>`,
  'quiet-vase': (id) => `<defs>${round(`${id}a`, ['#b35c39', '#dd8d66', '#843c20'])}</defs>
    ${shadow(160, 64)}
    <g fill="none" stroke="#5f6f52" stroke-width="4" stroke-linecap="round"><path d="M160 134c2-40 16-62 36-96"/><path d="M164 102c-14-14-18-22-20-36M178 70c16-4 22-10 30-20"/></g>
    <g fill="#7d9069"><path d="M144 66c-14-8-16-22-10-34 12 8 14 22 10 34zM208 50c2-14 14-22 28-20-4 14-14 20-28 20zM196 38c-8-12-4-24 6-30 6 12 4 22-6 30zM172 84c-18 0-26-8-28-20 16-2 26 6 28 20zM186 66c10-12 22-12 34-6-10 12-22 12-34 6z"/></g>
    <path d="M146 128h28c0 22 50 36 50 82 0 36-26 52-64 52s-64-16-64-52c0-46 50-60 50-82z" fill="url(#${id}a)"/>
    <ellipse cx="160" cy="128" rx="14" ry="4" fill="#5c2814"/>
    <path d="M113 206c2-16 12-28 24-36" fill="none" stroke="#fff" stroke-width="7" stroke-linecap="round" opacity=".3"/>`,
  'lantern-lamp': (
    id,
  ) => `<defs><radialGradient id="${id}a" cx=".5" cy=".55" r=".6"><stop offset="0" stop-color="#fff6dd"/><stop offset=".7" stop-color="#f8dfa8"/><stop offset="1" stop-color="#dfb878"/></radialGradient><radialGradient id="${id}g"><stop offset="0" stop-color="#ffe7b0" stop-opacity=".75"/><stop offset="1" stop-color="#ffe7b0" stop-opacity="0"/></radialGradient></defs>
    <circle cx="160" cy="136" r="156" fill="url(#${id}g)"/>${shadow(160, 58)}
    <path d="M154 208h12v42h-12z" fill="#8e6236"/><path d="M118 250h84c6 0 8 12 0 12h-84c-8 0-6-12 0-12z" fill="#a9773f"/>
    <path d="M122 66h76c26 30 34 50 34 72s-8 44-34 72h-76c-26-28-34-50-34-72s8-42 34-72z" fill="url(#${id}a)"/>
    <g fill="none" stroke="#b98d4e" stroke-width="2" opacity=".65"><path d="M104 90h112M93 114h134M88 138h144M92 162h136M103 186h114"/></g>
    <path d="M122 62h76v7h-76zM122 207h76v7h-76z" fill="#8e6236"/>`,
  'three-leg-stool': (id) => `<defs>${round(`${id}a`, ['#b98a4f', '#ddb67c', '#936832'])}</defs>
    ${shadow(160, 92)}
    <g stroke-linecap="round" fill="none"><path d="M160 140v116" stroke="#8a6130" stroke-width="13"/><path d="M112 138L90 258" stroke="#a77a43" stroke-width="14"/><path d="M208 138l22 120" stroke="#96692f" stroke-width="14"/><path d="M102 208h118" stroke="#8a6130" stroke-width="7"/></g>
    <path d="M70 124h180v10c0 16-40 24-90 24s-90-8-90-24z" fill="#9a6f3a"/><ellipse cx="160" cy="123" rx="90" ry="22" fill="url(#${id}a)"/>
    <path d="M96 120c28-10 100-10 128 0" fill="none" stroke="#8d6434" stroke-width="2" opacity=".5"/><path d="M92 128c32 9 104 9 136 0" fill="none" stroke="#8d6434" stroke-width="2" opacity=".4"/>
    <g fill="#5b3a20"><rect x="104" y="117" width="16" height="4" rx="1"/><rect x="200" y="117" width="16" height="4" rx="1"/><rect x="153" y="132" width="14" height="4" rx="1"/></g>`,
  'linen-throw': (id) => `<defs>${round(`${id}a`, ['#a9b3b4', '#dfe4e1', '#8b9799'])}</defs>
    ${shadow(160, 104)}
    <path d="M62 232c0-14 12-20 26-20h146c16 0 26 8 26 24s-10 26-26 26H88c-16 0-26-10-26-30z" fill="#93a0a2"/>
    <path d="M64 196c0-14 10-20 26-20h142c16 0 26 8 26 22s-10 24-26 24H90c-16 0-26-10-26-26z" fill="url(#${id}a)"/>
    <path d="M68 160c0-13 10-19 24-19h138c15 0 24 8 24 21s-10 22-24 22H92c-15 0-24-10-24-24z" fill="#e9ece8"/>
    <g stroke="#b4532f" stroke-width="4" opacity=".8"><path d="M206 141v43M216 141v43M208 177v45M218 177v45M210 213v49M220 213v49"/></g>
    <path d="M230 222l4 40m8-42 6 38m4-44 8 34" stroke="#e9ece8" stroke-width="3" fill="none" stroke-linecap="round"/>
    <path d="M84 152h100M82 190h104M82 226h106" stroke="#fff" stroke-width="3" opacity=".5" stroke-linecap="round"/>`,
};

let drawn = 0;

/** One object without its surroundings; each drawing has gradient ids of its own. */
function object(slug) {
  drawn += 1;
  return objects[slug](`a${drawn.toString(36)}`);
}

/** A product on its wall. */
export function productPicture(product) {
  return `<svg class="picture wall-${product.wall}" viewBox="0 0 320 320" role="img" aria-label="${product.name}">
    <rect class="wall" width="320" height="320"/><rect class="floor" y="236" width="320" height="84"/>${object(product.slug)}</svg>`;
}

/** Several objects in a room, with a window that throws light; `placed` is [slug, x, y, scale] of each. */
export function roomPicture({ wall, label, placed }) {
  const inside = placed
    .map(([slug, x, y, scale]) => `<g transform="translate(${x} ${y}) scale(${scale})">${object(slug)}</g>`)
    .join('');
  return `<svg class="picture room wall-${wall}" viewBox="0 0 900 560" preserveAspectRatio="xMidYMax slice" role="img" aria-label="${label}">
    <rect class="wall" width="900" height="560"/>
    <g class="window"><path d="M612 380V150c0-62 40-104 96-104s96 42 96 104v230z"/><path class="frame" d="M708 46v334M612 250h192" fill="none"/></g>
    <path class="sunbeam" d="M612 380l192 0-220 180H300z"/>
    <rect class="floor" y="424" width="900" height="136"/><rect class="edge" y="424" width="900" height="10"/>${inside}</svg>`;
}
