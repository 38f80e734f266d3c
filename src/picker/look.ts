/** How the picker looks. The page's styles do not reach it, and it has none in the page's reach. */

/** Applied by a constructed sheet, which a page's Content-Security-Policy does not forbid. */
export const LOOK = `
:host { all: initial; }
* { box-sizing: border-box; font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.frames > div { position: fixed; border: 2px solid #2fb37c; background: #2fb37c22; border-radius: 3px;
  pointer-events: none; z-index: 2147483646; }
.frames > div.like { border-style: dashed; background: none; }
.panel { position: fixed; left: 50%; bottom: 16px; transform: translateX(-50%); z-index: 2147483647;
  width: min(560px, calc(100vw - 24px)); max-height: calc(100vh - 32px); overflow: auto; display: grid; gap: 12px;
  padding: 16px 18px; background: #fff; color: #15211b; border: 1px solid #87958c; border-radius: 14px;
  box-shadow: 0 16px 48px #0005; color-scheme: light; }
.panel.top { bottom: auto; top: 16px; }
@media (min-width: 900px) { .panel.left { left: 16px; transform: none; } .panel.right { left: auto; right: 16px; transform: none; } }
h2 { margin: 0; font-weight: 650; font-size: 17px; }
p { margin: 0; color: #56655c; overflow-wrap: anywhere; }
p.bad { color: #a3291c; }
p:empty { display: none; }
.head { display: flex; justify-content: space-between; gap: 12px; align-items: start; }
fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 6px; }
legend { padding: 0 0 4px; font-weight: 550; }
label.kind { display: inline-flex; gap: 6px; align-items: center; padding: 6px 12px; border: 1px solid #dde4de;
  border-radius: 99px; cursor: pointer; }
label.kind:has(:checked) { border-color: #0d6b4b; background: #0d6b4b1c; }
label.kind:focus-within { outline: 2px solid #0d6b4b; outline-offset: 2px; }
input[type=radio] { accent-color: #0d6b4b; margin: 0; outline: none; }
.field { display: grid; gap: 3px; font-weight: 550; }
.field input { width: 100%; min-height: 38px; padding: 6px 10px; border: 1px solid #87958c; border-radius: 8px;
  background: #fff; color: inherit; }
.field input.code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 14px; }
.others { display: flex; flex-wrap: wrap; gap: 6px; }
.others button { min-height: 28px; padding: 2px 10px; font: 13px/1.4 ui-monospace, Menlo, Consolas, monospace;
  max-width: 100%; overflow: hidden; text-overflow: ellipsis; }
button, a.button { min-height: 38px; padding: 6px 14px; border: 1px solid #87958c; border-radius: 8px; background: #fff;
  color: #15211b; font-weight: 550; cursor: pointer; white-space: nowrap; text-decoration: none; }
button.primary { background: #0d6b4b; border-color: #0d6b4b; color: #fff; }
button.plain { border-color: transparent; background: none; color: #0d6b4b; padding-inline: 6px; }
:focus-visible { outline: 2px solid #0d6b4b; outline-offset: 2px; }
.end { display: flex; flex-wrap: wrap; gap: 10px; align-items: center; }
a { color: #0d6b4b; }
`;
