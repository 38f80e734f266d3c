/** Where the plan comes from: the collector, another address, or the page itself. */
import { elements } from './element.ts';
import { api, options, site } from './options.ts';
import { armPlan, plan } from './plan-goals.ts';
import { decideAgain } from './record.ts';
import { revision, schedule } from './send.ts';
import { watchElements } from './visibility-observer.ts';

/** The revision in force, or asked for because the collector told of it: each is asked for once. */
let known: number | undefined;

/** Gets the plan, anew if the collector told of another revision, and puts it in force. Whatever goes wrong leaves things as they are. */
export const fetchPlan = async (told?: number): Promise<void> => {
  known = told;
  try {
    const { goals } = options;
    const arrived =
      goals === 'inline'
        ? JSON.parse(elements('#goalpost-goals')[0]!.textContent)
        : await (await fetch(goals || `${api}/plan/${site}`, { cache: (told && 'reload') as RequestCache })).json();
    const earlier = plan;
    armPlan(arrived);
    if (!earlier) decideAgain();
    schedule();
    // Whatever came: a cache between may have an old one for minutes, and is not asked again and again.
    known = told ?? arrived.r;
    // Of a page that nobody has looked at, nothing counts; see `showAgain`.
    if (document.hidden !== true) watchElements();
  } catch {
    // The page goes on without goals; the collector still decides those it can.
  }
};

/** Gets the plan anew when the collector told of another revision. */
export const followRevision = (): void => {
  if (revision && revision !== known) fetchPlan(revision);
};
