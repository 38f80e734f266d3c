/** The store of a single machine in a temporary folder, for tests that need one and no more. */
export { type OpenedStore, openDuckdb as openTestStore } from '../../contract/stores.ts';
