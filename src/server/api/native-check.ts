/** `POST …/goals/check`: a dry run that says whether something would meet a goal, and why. */
import { Type } from '@sinclair/typebox';
import { groupLookup } from '../../core/build-plan.ts';
import type { GroupLookup } from '../../core/compile-url.ts';
import type { GoalpostEvent, Properties } from '../../core/event.ts';
import { explainGoal, type GoalStep } from '../../core/explain-goal.ts';
import { COLLECTOR_TRIGGERS, type Goal, type GoalDefinition } from '../../core/goal.ts';
import { URL_CHARACTERS } from '../../core/limits.ts';
import { compileGoal } from '../../core/match-goal.ts';
import { formatMicros, parseAmount } from '../../core/money.ts';
import { normalizeUrl, urlSubjects } from '../../core/page-url.ts';
import { Problem } from '../../core/problem.ts';
import { readSentMoney } from '../../core/read-event.ts';
import { redactUrl } from '../../core/redact.ts';
import type { Site } from '../../core/site.ts';
import { readDraft } from '../goals/goal-draft.ts';
import { goalRules, judgeRules } from '../goals/goal-patterns.ts';
import { re2Regex } from '../goals/re2-regex.ts';
import type { Call, Route } from './dialect.ts';
import { TriedGoalSchema } from './goal-schema.ts';
import type { HtmlPage } from './html-page.ts';
import { draftOf } from './native-goals.ts';
import { siteOf } from './native-sites.ts';
import { defineRoute, ok } from './route.ts';

const closed = { additionalProperties: false };
const EventSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 500 }),
    amount: Type.Optional(Type.Union([Type.String(), Type.Number()])),
    currency: Type.Optional(Type.String()),
    properties: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]))),
    source: Type.Optional(Type.Unsafe<'browser' | 'server'>({ type: 'string', enum: ['browser', 'server'] })),
  },
  closed,
);
/** Larger pages are refused: selectors are tried on every element. */
const HTML_CHARACTERS = 200_000;
const CheckSchema = Type.Object(
  {
    goal: Type.Optional(TriedGoalSchema),
    goal_id: Type.Optional(Type.String({ description: 'Instead of `goal`: one of the site.' })),
    url: Type.Optional(
      Type.String({ maxLength: URL_CHARACTERS, description: 'The page it happens on; a path is one of the site.' }),
    ),
    html: Type.Optional(
      Type.String({ maxLength: HTML_CHARACTERS, description: 'The page, for triggers of elements.' }),
    ),
    click: Type.Optional(Type.String({ maxLength: 1_000, description: 'Selector of what is clicked in `html`.' })),
    event: Type.Optional(EventSchema),
  },
  closed,
);
const AnswerSchema = Type.Object({
  met: Type.Boolean(),
  why: Type.Array(Type.Object({ step: Type.String(), ok: Type.Boolean(), text: Type.String() })),
});

const UNNAMED = 'Untitled';

type Check = (typeof CheckSchema)['static'];

/** The goal asked about, stored or not. Throws what creating it would throw. */
export async function askedGoal(call: Call<unknown, unknown, Pick<Check, 'goal' | 'goal_id'>>): Promise<Goal> {
  const { goal, goal_id } = call.body;
  const site = siteOf(call);
  if ((goal === undefined) === (goal_id === undefined)) {
    throw new Problem('invalid_field', 'Send either goal or goal_id.', { field: 'goal' });
  }
  if (goal_id !== undefined) return call.backend.goals.get({ site: site.id, goal: goal_id });
  const others = await call.backend.goals.all(site.id);
  const definition = inGoal(() => readDraft({ name: UNNAMED, ...draftOf(goal) }, 0, { site, others, policy: {} }));
  await judgeRules(
    goalRules(definition).map(({ rule, field }) => ({ rule, field: `goal.${field}` })),
    new Map(),
  );
  return unsaved(definition, site.id);
}

/** Faults of the draft are faults of the member `goal`. */
function inGoal<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Problem) || error.field === undefined) throw error;
    throw new Problem(error.code, error.message, { field: `goal.${error.field}`, cause: error });
  }
}

function unsaved(definition: GoalDefinition, site_id: string): Goal {
  const times = { created_at: 0, updated_at: 0, deleted_at: null };
  return { ...definition, ...times, id: 'goal_unsaved', number: 0, site_id, version: 1, generation: 1 };
}

/** The money of an event as the collector reads it, and what there is to say of how. */
function moneyOf(event: Check['event'], site: Site): { money: Partial<GoalpostEvent>; said: string } {
  const { amount, currency, source = 'browser' } = event ?? {};
  const { bad, ...money } = readSentMoney(amount, currency, { lenient: source === 'browser', expected: site.currency });
  const { amount_micros } = money;
  if (bad) return { money, said: ` The amount sent, ${sentText(amount, currency)}, is dropped: it cannot be read.` };
  const written = parseAmount(amount) === undefined || amount_micros === undefined ? undefined : Number(amount);
  const kept = formatMicros(amount_micros ?? 0n, money.currency);
  const rounded = written !== undefined && written !== Number(kept);
  return { money, said: rounded ? ` Amounts are kept to six decimals: ${amount} is kept as ${kept}.` : '' };
}

function sentText(amount: unknown, currency: string | undefined): string {
  return [JSON.stringify(amount), ...(currency === undefined ? [] : [`in ${JSON.stringify(currency)}`])].join(' ');
}

/** The event that the request describes; without one, a page being shown. */
function eventOf(
  { url, event }: Pick<Check, 'event'> & { url: string | undefined },
  money: Partial<GoalpostEvent>,
  redact: readonly string[],
): GoalpostEvent {
  const properties: Properties = { ...event?.properties };
  return {
    id: 'check',
    name: event?.name ?? '$pageview',
    time_ms: 0,
    source: event?.source ?? 'browser',
    goals: [],
    properties,
    ...(url === undefined ? {} : { url: redactUrl(url, redact) }),
    ...money,
  };
}

/** What the dry run plays: the event, which learns of what is found, and the site's URL groups. */
interface Scene {
  event: GoalpostEvent;
  groups: GroupLookup;
}

/** The page's URL; a path is taken to be on the site's first domain. Throws when it is none. */
function pageUrl(url: string | undefined, { domains }: Site): string | undefined {
  if (url === undefined) return undefined;
  const whole = url.trim().startsWith('/') ? `https://${domains[0]}${url.trim()}` : url;
  if (normalizeUrl(whole)?.host) return whole;
  throw new Problem('invalid_field', 'The URL is neither an absolute http or https URL nor a path.', { field: 'url' });
}

/** What the page says of a trigger that only browsers decide; it takes the place of the step `browser`. */
async function lookAtPage(goal: Goal, body: Check, { event, groups }: Scene): Promise<GoalStep> {
  const step = 'browser';
  const { type } = goal.trigger;
  if (body.html === undefined) {
    return { step, ok: false, text: `The trigger "${type}" is decided on the page: send its HTML to try it.` };
  }
  // Loaded here, because hardly any server is ever asked and what parses pages takes memory.
  const { HtmlPage } = await import('./html-page.ts');
  const page = new HtmlPage(body.html);
  const found = page.find(goal.trigger, body.click, { url: event.url, groups });
  if (found === undefined) {
    return {
      step,
      ok: false,
      text: `The trigger "${type}" depends on what the visitor does; HTML alone does not tell.`,
    };
  }
  if (found.elements.length === 0) return { step, ok: false, text: found.text };
  const raw_amount = amountOn(page, goal);
  event.goals.push({ goal_id: goal.id, ...(raw_amount === undefined ? {} : { raw_amount }) });
  return { step, ok: true, text: found.text };
}

function amountOn(page: HtmlPage, { value }: Goal): string | undefined {
  if (value.mode !== 'element') return undefined;
  return page.read(value.selector, value.attribute);
}

export const CHECK_ROUTES: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/api/sites/:site/goals/check',
    scope: 'goals:read',
    tag: 'Goals',
    summary: 'Says whether a URL, a page or an event would meet a goal, and why. Nothing is stored.',
    body: CheckSchema,
    answers: { 200: AnswerSchema },
    async run(call) {
      const goal = await askedGoal(call);
      const site = siteOf(call);
      const url = pageUrl(call.body.url, site);
      const groups = groupLookup(call.backend.registry.find(site.id)?.groups ?? []);
      const { money, said } = moneyOf(call.body.event, site);
      const event = eventOf({ ...call.body, url }, money, site.redact);
      const decidedHere = COLLECTOR_TRIGGERS.includes(goal.trigger.type);
      const onPage = decidedHere ? undefined : await lookAtPage(goal, call.body, { event, groups });
      const page = event.url === undefined ? undefined : normalizeUrl(event.url);
      const steps = explainGoal(compileGoal(goal, groups), event, {
        subjects: page === undefined ? undefined : urlSubjects(page),
        regex: re2Regex,
        siteCurrency: site.currency,
        found: event.goals[0],
      });
      const why = steps.map((step) => {
        if (step.step === 'browser' && onPage !== undefined) return onPage;
        return step.step === 'value' ? { ...step, text: step.text + said } : step;
      });
      return ok({ met: why.every((step) => step.ok), why });
    },
  }),
];
