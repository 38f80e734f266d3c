#!/usr/bin/env node
/** The command's entry. CommonJS, because modules start the thread pool before a line of theirs runs. */

// Four threads are too few for the journal's syncs beside two statistics queries; see src/README.md.
process.env.UV_THREADPOOL_SIZE ??= '8';
void import('./main.js');
