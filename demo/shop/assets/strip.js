/** The strip of goals: lights up what fires in this page, and shows how often the server counted each goal. */

const pollMs = 2000;
const shineMs = 4000;
const memory = 'alder-clay-goals';

const chips = new Map();
const waiting = new Set();
const bar = document.createElement('section');
bar.className = 'goals';
bar.setAttribute('aria-label', 'Goals, live');
bar.dataset.testid = 'goals';

function build() {
  const row = Object.assign(document.createElement('div'), { className: 'goals-bar' });
  const title = Object.assign(document.createElement('button'), { type: 'button', className: 'goals-title' });
  title.textContent = 'Goals, live';
  title.setAttribute('aria-expanded', 'false');
  title.addEventListener('click', () => title.setAttribute('aria-expanded', String(bar.classList.toggle('open'))));
  const list = Object.assign(document.createElement('ul'), { className: 'goals-list' });
  row.append(title, list);
  bar.append(row);
  document.body.append(bar);
  return list;
}

const list = build();

function chipOf(goal) {
  const known = chips.get(goal.id);
  if (known) return known;
  const chip = document.createElement('li');
  chip.className = 'goal';
  chip.dataset.goal = goal.key;
  chip.title = goal.hint;
  const count = document.createElement('b');
  const money = document.createElement('small');
  chip.append(goal.name, money, count);
  list.append(chip);
  chips.set(goal.id, { chip, count, money });
  return chips.get(goal.id);
}

/** Counts seen last, by goal, so that what a page counted while it was being left shines on the next one. */
const lastCounts = new Map(JSON.parse(sessionStorage.getItem(memory) ?? '[]'));

function showCounts({ goals }) {
  for (const goal of goals) {
    const known = chipOf(goal);
    known.chip.classList.toggle('counted', goal.conversions > 0);
    known.count.textContent = String(goal.conversions);
    known.money.textContent = goal.revenue;
    if (goal.conversions > (lastCounts.get(goal.id) ?? goal.conversions) || waiting.delete(goal.id)) shine(goal.id);
    lastCounts.set(goal.id, goal.conversions);
  }
  sessionStorage.setItem(memory, JSON.stringify([...lastCounts]));
}

/** A goal that fired shines for a while; one that fired before its chip is there waits for it. */
function shine(goalId) {
  const known = chips.get(goalId);
  if (!known) {
    waiting.add(goalId);
    return;
  }
  known.chip.classList.add('fired');
  known.chip.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  clearTimeout(known.timer);
  known.timer = setTimeout(() => known.chip.classList.remove('fired'), shineMs);
}

async function poll() {
  try {
    const answer = await fetch('/goals.json');
    bar.classList.toggle('lost', !answer.ok);
    if (answer.ok) showCounts(await answer.json());
  } catch {
    bar.classList.add('lost');
  }
  setTimeout(poll, pollMs);
}

window.tracker.on?.('conversion', (conversion) => shine(conversion.goal));
poll();
