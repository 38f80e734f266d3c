/** The layout of the tracker's file: whatever order and names it is given, the script does what it did. */
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arrange, bare, isInOrder, type Layout, layoutOf, NAMES, readScript } from './layout/script.mjs';

/** Every way to declare and to name that the tracker uses; what it does is written to `said`. */
const SCRIPT = [
  'let count,{prototype}=Array,{slice,concat}=prototype,',
  '[first,...others]=["slice","concat"].map(member=>prototype[member]),',
  'safely=task=>(a,b,c)=>{try{return task(a,b,c)}catch{return"caught"}},',
  'limit=3,add=(by=limit)=>count=(count??0)+by,',
  'late=safely(({n:size,k=size,...rest})=>[size,k,rest,add()]),broken=safely(()=>nothing.at.all),',
  'total=add(1),sum=list=>{let all=0;for(let{v:value}of list){let twice=value*2;all+=twice}return all},',
  'api={late,total,sum,own(key){return this[key]}};',
  'said.push(first===slice,others[0]===concat,total,late({n:1,z:2}),broken(),sum([{v:1},{v:2}]),api.own("total"),count);',
  '{let total="inner";said.push(total,[1,2].map((total,index)=>total+index))}',
].join('');

function saidBy(code: string): unknown[] {
  const said: unknown[] = [];
  runInNewContext(`{${code}}`, { said });
  return JSON.parse(JSON.stringify(said));
}

const before = saidBy(SCRIPT);
const keys = readScript(SCRIPT).parts.map(({ key }) => key);
const longs = [...new Set(readScript(SCRIPT).bindings.map(({ name }) => name))];

describe('the layout', () => {
  test('is followed where it can be', () => {
    const layout = { sum: 'sum=q list=e all=t value=v twice=n', limit: 'limit=Z', '': 'total=y' };
    const code = arrange(readScript(SCRIPT), layout);
    expect(code).toMatch(/,q=e=>\{let t=0;for\(let\{v\}of e\)\{let n=v\*2;t\+=n\}return t\},.*,Z=3,/);
    expect(saidBy(code)).toEqual(before);
  });

  test('that a script has gives the same script', () => {
    const script = readScript(SCRIPT);
    const code = arrange(script, {});
    expect(code.length).toBeLessThan(SCRIPT.length);
    expect(arrange(readScript(SCRIPT), layoutOf(script))).toBe(code);
  });

  test('puts what is used at once before what uses it', () => {
    const code = arrange(readScript(SCRIPT), { api: 'api=X', total: 'total=T', add: 'add=A', limit: 'limit=L' });
    const [limit, add, total, api] = ['L=3', 'A=', 'T=A(1)', 'X={'].map((text) => code.indexOf(text));
    expect(Math.max(limit!, add!)).toBeLessThan(total!);
    expect(total).toBeLessThan(api!);
    const { parts } = readScript(SCRIPT);
    expect([isInOrder(parts), isInOrder([...parts].reverse())]).toEqual([true, false]);
  });

  test('of any kind changes nothing that the script does', () => {
    const name = fc.constantFrom(...NAMES.slice(0, 12), 'said', 'Array', 'nothing', 'if');
    const line = fc.array(fc.tuple(fc.constantFrom(...longs), name), { maxLength: 12 });
    const entries = line.map((pairs) => pairs.map((pair) => pair.join('=')).join(' '));
    const layouts: fc.Arbitrary<Layout> = fc
      .array(fc.tuple(fc.constantFrom(...keys, 'gone'), entries))
      .map((lines) => Object.fromEntries(lines));
    fc.assert(
      fc.property(layouts, (layout) => {
        expect(saidBy(arrange(readScript(SCRIPT), layout))).toEqual(before);
      }),
      { numRuns: 100 },
    );
  });

  test('begins with the bundle, in which whoever may sets a variable', () => {
    expect(bare('let a,run=to=>{f(),(to=>{a=to})(to),a&&f()};run(1);\n')).toBe(
      'let a,run=to=>{f(),a=to,a&&f()};run(1)',
    );
  });

  test('is not made of what it does not know', () => {
    for (const code of ['f()', 'let a;function f(){}', 'let a=1;var b', 'let a;x:for(;;)break x', 'let a=class{}'])
      expect(() => readScript(code)).toThrow();
  });
});
