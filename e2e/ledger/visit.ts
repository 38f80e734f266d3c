/** One scripted visit, from a seed: steps in the shop or in the application, on a network that fails now and then. */
import { APP_STEPS } from './app-steps.ts';
import { type Dice, dice } from './dice.ts';
import { VisitLedger } from './ledger.ts';
import type { Fate, Network } from './network.ts';
import { SHOP_STEPS } from './shop-steps.ts';
import { type Surroundings, Visitor } from './visitor.ts';

const FATES: readonly Fate[] = ['refused', 'lost', 'unanswered'];
/** Many short visits show as much as few long ones, and sooner. */
const STEPS_AT_MOST = process.env.GOALPOST_LONG ? 4 : 2;

/** One step in three happens on a bad network: what becomes of its first beacons. */
function worsen(network: Network, roll: Dice): string {
  if (roll(3) > 0) return '';
  network.fates = Array.from({ length: 1 + roll(3) }, () => FATES[roll(FATES.length)]!);
  return ` (${network.fates.join(', ')})`;
}

/** An address of the visit's own, which numbers it. */
function addressOf(number: number): string {
  return `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
}

/** Makes the visit and answers what it did. The network must be nobody else's. */
export async function visit(
  number: number,
  { seed, lane }: { seed: number; lane: Surroundings },
): Promise<VisitLedger> {
  const roll = dice(seed * 10_007 + number);
  const ledger = new VisitLedger(`v${number}.localhost`);
  const own = (url: string): string => url.replace('localhost', ledger.name);
  const at = { ...lane, shop: own(lane.shop), app: own(lane.app) };
  at.network.address = addressOf(number);
  const visitor = await Visitor.enter(ledger, at);
  const inShop = roll(10) < 6;
  const steps = Object.entries(inShop ? SHOP_STEPS : APP_STEPS);
  const context = { roll, cart: new Map<string, number>() };
  await visitor.go(inShop ? at.shop : `${at.app}/app`);
  for (let left = 1 + roll(STEPS_AT_MOST); left > 0; left -= 1) {
    const [name, step] = steps[roll(steps.length)]!;
    ledger.story.push(`${name}${worsen(at.network, roll)}`);
    await step(visitor, context);
  }
  await visitor.leave();
  return ledger;
}
