/** The package's public names: what a program that embeds the server or speaks its API may rely on. */
export type {
  Goal,
  GoalDefinition,
  MatchOperator,
  Trigger,
  TriggerType,
  UrlRule,
  Value,
} from './core/goal.ts';
export { PROBLEMS, Problem, type ProblemCode } from './core/problem.ts';
export type { Site } from './core/site.ts';
export { type ConfigFlags, readConfig, type ServerConfig, SettingError } from './server/config.ts';
export { DataOwnedError } from './server/data-lock.ts';
export { type Log, openLog } from './server/log.ts';
export { type RunningServer, type StartOptions, startServer } from './server/serve.ts';
