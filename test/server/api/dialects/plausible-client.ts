/** What clients of Plausible's plugins API send, and how its refusals are read. */

/** Path of its goals. */
export const GOALS = '/api/plugins/v1/goals';

export const event = (event_name: unknown, more = {}) => ({
  goal_type: 'Goal.CustomEvent',
  goal: { event_name, ...more },
});
export const page = (path: unknown, more = {}) => ({ goal_type: 'Goal.Pageview', goal: { path, ...more } });
export const revenue = (event_name: unknown, currency: unknown) => ({
  goal_type: 'Goal.Revenue',
  goal: { event_name, currency },
});
export const detailsOf = (text: string) =>
  (JSON.parse(text) as { errors: { detail: string }[] }).errors.map(({ detail }) => detail);
