/** Numbers for Prometheus; none of them tells anything about a visitor. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Backend } from './backend.ts';

/** Seconds: a disk that answers at once, one that is busy, one that is broken. */
const SYNC_BUCKETS_S = [0.000_5, 0.001, 0.005, 0.02, 0.1, 0.5, 2];

/** Seconds: a dashboard that feels quick, one that does not, one that is waited for. */
const QUERY_BUCKETS_S = [0.005, 0.025, 0.1, 0.5, 2, 10];

/** Registers what a process tells of itself. */
export function createMetrics({ collector, queries }: Pick<Backend, 'collector' | 'queries'>): Registry {
  const registry = new Registry();
  const registers = [registry];
  const accepted = new Counter({ name: 'goalpost_events_accepted_total', help: 'Events acknowledged.', registers });
  const dropped = new Counter({
    name: 'goalpost_events_dropped_total',
    help: 'Events not taken, or not counted, by reason.',
    labelNames: ['reason'],
    registers,
  });
  const stored = new Counter({ name: 'goalpost_events_stored_total', help: 'Events in the store.', registers });
  const conversions = new Counter({ name: 'goalpost_conversions_total', help: 'Conversions counted.', registers });
  const sync = new Histogram({
    name: 'goalpost_journal_sync_seconds',
    help: 'Time of one sync of the journal.',
    buckets: SYNC_BUCKETS_S,
    registers,
  });
  collector.on('outcome', (outcome) => {
    accepted.inc(outcome.accepted.length);
  });
  collector.on('dropped', (reason, count) => dropped.inc({ reason }, count));
  collector.on('loaded', (report) => {
    stored.inc(report.events);
    conversions.inc(report.conversions);
  });
  const query = new Histogram({
    name: 'goalpost_query_seconds',
    help: 'Time of one question to the event store, waiting excepted.',
    buckets: QUERY_BUCKETS_S,
    registers,
  });
  queries.on('answered', (ms) => query.observe(ms / 1000));
  collector.on('synced', (ms) => sync.observe(ms / 1000));
  const gauges = {
    backlog_bytes: 'Bytes on disk that are not in the store.',
    backlog_segments: 'Journal segments that are not in the store.',
    visitors: 'Visitors in the session memory.',
    views: 'Views in the session memory.',
  } as const;
  for (const [name, help] of Object.entries(gauges) as [keyof typeof gauges, string][]) {
    new Gauge({
      name: `goalpost_${name}`,
      help,
      registers,
      collect() {
        this.set(collector.gauges()[name]);
      },
    });
  }
  new Gauge({
    name: 'goalpost_drain_lag_seconds',
    help: 'Age of the oldest acknowledged event that is not in the store.',
    registers,
    collect() {
      this.set(collector.gauges().lag_ms / 1000);
    },
  });
  return registry;
}
