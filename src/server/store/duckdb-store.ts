/** The event store of a single machine: DuckDB in this process. */
import { DuckdbEngine, type DuckdbOptions } from './duckdb-engine.ts';
import type { LoadReport, Segment, StoreValue } from './event-store.ts';
import { loadSegment } from './load-segment.ts';

export class DuckdbStore {
  private readonly options: DuckdbOptions;
  private opened: DuckdbEngine | undefined;

  constructor(options: DuckdbOptions) {
    this.options = options;
  }

  private get engine(): DuckdbEngine {
    if (!this.opened) throw new Error('The event store is not open.');
    return this.opened;
  }

  async open(): Promise<void> {
    this.opened ??= await DuckdbEngine.open(this.options);
  }

  async close(): Promise<void> {
    await this.opened?.close();
    this.opened = undefined;
  }

  load(segment: Segment): Promise<LoadReport> {
    return this.engine.write((run) => loadSegment(run, segment));
  }

  query<T>(text: string, params: readonly StoreValue[]): Promise<T[]> {
    return this.engine.read<T>(text, params);
  }
}
