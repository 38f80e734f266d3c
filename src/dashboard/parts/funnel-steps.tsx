/** A funnel drawn: a bar for each step, and between them who was lost. */
import type { Funnel } from '../answers.ts';
import { count, percent } from '../format.ts';

/** What is drawn. */
export interface FunnelStepsOptions {
  funnel: Funnel;
  /** Names of goals by their id. */
  names: ReadonlyMap<string, string>;
  /** What is counted, in the plural. */
  who: string;
}

/** A table, so that every number has its name; the bars stand beside them. */
export function FunnelSteps({ funnel, names, who }: FunnelStepsOptions) {
  const { steps } = funnel;
  const first = steps[0]?.reached ?? 0;
  const last = steps.at(-1);
  return (
    <section class="funnel" aria-label="The funnel">
      <p class="funnel-sum">
        <span class="figure">{percent(last?.rate ?? 0)}</span>
        <span class="quiet">
          went all the way: {count(last?.reached ?? 0)} of {count(first)} {who}
        </span>
      </p>
      <table class="rows funnel-rows">
        <thead class="hidden">
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Reached it</th>
            <th scope="col">Went on from the step before</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step, index) => (
            <tr key={step.goal_id}>
              <th scope="row">
                <span class="funnel-name">
                  <span class="quiet">{index + 1}</span> {names.get(step.goal_id) ?? step.goal_id}
                </span>
                <Bar of={step.rate} />
              </th>
              <td class="number">
                <strong>{count(step.reached)}</strong>
                <small class="quiet">{percent(step.rate)}</small>
              </td>
              <td class="number funnel-loss">
                {index === 0 ? (
                  <span class="quiet">begin here</span>
                ) : (
                  <>
                    <span>{percent(step.step_rate)} went on</span>
                    <small class="quiet">{count((steps[index - 1]?.reached ?? 0) - step.reached)} lost</small>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Bar({ of }: { of: number }) {
  return (
    <svg class="funnel-bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
      <rect class="funnel-rest" width="100" height="1" />
      <rect width={Math.round(of * 1000) / 10} height="1" />
    </svg>
  );
}
